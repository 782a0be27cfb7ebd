import { createClient } from '@redis/client'
import type { FastifyInstance } from 'fastify'
import { Redis } from 'ioredis'
import promised from 'mysql2/promise'
import { describe, expect, it, onTestFinished } from 'vitest'
import { observeIoredis } from '../../src/index.js'
import { buildApp } from '../build-app.js'
import { startMariadb, startRedis } from './database-servers.js'
import { lettersOf, toldOf } from './observed-app.js'

const redis = await startRedis()
const mariadb = await startMariadb()
const REQUESTS = 50

/** An app whose requests each ask for something of their own. */
async function buildAsking(ask: (own: string) => Promise<unknown>): Promise<FastifyInstance> {
  const { app } = await buildApp()
  app.get<{ Params: { own: string } }>('/:own', async (request) => {
    await ask(request.params.own)
    await ask(request.params.own)
    return toldOf(request).texts
  })
  return app
}

async function expectOwn(app: FastifyInstance, offset: number, text: (own: string) => string) {
  const own = Array.from({ length: REQUESTS }, (_, index) => lettersOf(offset + index))
  const answers = await Promise.all(own.map((letters) => app.inject(`/${letters}`)))
  expect(answers.map((answer) => answer.json())).toEqual(
    own.map((letters) => [text(letters), text(letters)]),
  )
}

/** Two apps at once, then one of them alone, then a new one in the place of the other. */
async function expectApart(
  ask: (own: string) => Promise<unknown>,
  text: (own: string) => string,
): Promise<void> {
  const [first, second] = [await buildAsking(ask), await buildAsking(ask)]
  await Promise.all([expectOwn(first, 0, text), expectOwn(second, 100, text)])
  await first.close()
  await expectOwn(second, 100, text)
  const third = await buildAsking(ask)
  await Promise.all([expectOwn(third, 0, text), expectOwn(second, 100, text)])
  expect(first.queryLog.stats()).toMatchObject({ queries: 2 * REQUESTS, failures: 0 })
  expect(second.queryLog.stats()).toMatchObject({ queries: 6 * REQUESTS, failures: 0 })
}

describe('two apps note each their own queries', () => {
  it.skipIf(mariadb === undefined)('of one pool of mysql2', async () => {
    const pool = promised.createPool({
      host: '127.0.0.1',
      port: mariadb?.port ?? 0,
      user: 'root',
      connectionLimit: 3,
    })
    onTestFinished(() => pool.end())
    await expectApart(
      (own) => pool.query(`SELECT 1 AS ${own}x`),
      (own) => `SELECT ? AS ${own}x`,
    )
  })

  it.skipIf(redis === undefined)('of one client of ioredis', async () => {
    const client = observeIoredis(new Redis(redis?.port ?? 0, '127.0.0.1'))
    onTestFinished(() => client.disconnect())
    await expectApart(
      (own) => client.get(`${own}:x`),
      (own) => `GET ${own}:?`,
    )
  })

  it.skipIf(redis === undefined)('of one client of @redis/client', async () => {
    const client = createClient({ socket: { host: '127.0.0.1', port: redis?.port ?? 0 } })
    onTestFinished(() => client.destroy())
    await client.connect()
    await expectApart(
      (own) => client.get(`${own}:x`),
      (own) => `GET ${own}:?`,
    )
  })
})
