import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import cors from '@fastify/cors'
import rateLimit from '@fastify/rate-limit'
import staticFiles from '@fastify/static'
import scsPlugin, { abort, ServiceError } from '@fastify-scs/core'
import Fastify, { type FastifyInstance } from 'fastify'
import FastifyLowest from 'fastify-lowest'
import { afterEach, describe, expect, it } from 'vitest'

/* Which paths are known, and whose error a 429 is, beside the plugins that most applications have; plugins/ has the rest of each. */

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function listen(app: FastifyInstance): Promise<string> {
  closers.push(() => app.close())
  return app.listen({ port: 0, host: '127.0.0.1' })
}

async function answerOf(url: string, init: RequestInit = {}): Promise<[number, string | null]> {
  const answer = await fetch(url, init)
  await answer.text()
  return [answer.status, answer.headers.get('allow')]
}

it('@fastify/cors with a prefix does not make paths below it known', async () => {
  const app = Fastify()
  await app.register(scsPlugin, { audit: false })
  app.register(
    async (child) => {
      await child.register(cors, { origin: true })
      child.get('/orders', () => 'ok')
    },
    { prefix: '/v1' },
  )
  const address = await listen(app)
  expect(await answerOf(`${address}/v1/nowhere`, { method: 'POST' })).toEqual([404, null])
  expect(await answerOf(`${address}/v1/orders`, { method: 'POST' })).toEqual([
    405,
    'GET, HEAD, OPTIONS',
  ])
})

describe('@fastify/static', () => {
  async function staticApp(prefix: string, wildcard: boolean): Promise<string> {
    const root = mkdtempSync(join(tmpdir(), 'scs-static-'))
    writeFileSync(join(root, 'a b.txt'), 'text')
    closers.push(() => rmSync(root, { recursive: true }))
    const app = Fastify()
    await app.register(scsPlugin, { audit: false })
    await app.register(staticFiles, { root, prefix, wildcard })
    app.post('/orders', () => 'ok')
    return listen(app)
  }

  it('for all paths leaves an unknown route unknown, whatever its method', async () => {
    const address = await staticApp('/', true)
    expect(await answerOf(`${address}/a%20b.txt`)).toEqual([200, null])
    expect(await answerOf(`${address}/nowhere`)).toEqual([404, null])
    expect(await answerOf(`${address}/nowhere/at%20all`, { method: 'POST' })).toEqual([404, null])
    expect(await answerOf(`${address}/orders`, { method: 'PUT' })).toEqual([405, 'POST'])
  })

  it('below a prefix, or with a route for each file, its paths answer 405', async () => {
    const below = await staticApp('/files/', true)
    expect(await answerOf(`${below}/files/a%20b.txt`, { method: 'POST' })).toEqual([
      405,
      'GET, HEAD',
    ])
    expect(await answerOf(`${below}/files/nowhere`)).toEqual([404, null])
    const each = await staticApp('/', false)
    expect(await answerOf(`${each}/a%20b.txt`, { method: 'POST' })).toEqual([405, 'GET, HEAD'])
    expect(await answerOf(`${each}/nowhere`, { method: 'POST' })).toEqual([404, null])
  })
})

it('@fastify/rate-limit keeps its own error, whatever 429 is registered', async () => {
  const app = Fastify()
  await app.register(scsPlugin, { audit: false })
  await app.register(rateLimit, { max: 1 })
  app.scs.registerError({ code: 429, id: 'auth-rate-limited', message: 'Too many false attempts' })
  app.get('/', () => 'ok')
  app.get('/login', { config: { rateLimit: false } }, () => abort(429))
  const address = await listen(app)
  await answerOf(address)
  const limited = await fetch(address)
  expect(limited.status).toBe(429)
  expect(limited.headers.get('retry-after')).not.toBeNull()
  expect(await limited.json()).toEqual({
    error: {
      id: 'too-many-requests',
      message: expect.stringContaining('Rate limit exceeded'),
    },
  })
  const own = await fetch(`${address}/login`)
  expect(await own.json()).toMatchObject({ error: { id: 'auth-rate-limited' } })
})

it('on the lowest Fastify a returned Error model is answered, and another method is a 405', async () => {
  const app = FastifyLowest() as unknown as FastifyInstance
  await app.register(scsPlugin, { audit: false, errorFormat: 'pymacaron' })
  const model = { error: 'NO_STOCK', error_description: 'Gone', status: 409, error_id: 'e.1' }
  app.get('/', async () => model)
  app.get('/thrown', () => {
    throw model
  })
  app.get('/from', async () => {
    throw ServiceError.from(model)
  })
  app.get('/gone', (_request, reply) => reply.callNotFound())
  app.post('/gone', () => 'ok')
  app.get('/version', { constraints: { version: '1.0.0' } }, () => 'ok')
  const address = await listen(app)
  for (const path of ['/', '/thrown', '/from']) {
    const answer = await fetch(`${address}${path}`)
    expect([answer.status, await answer.json()]).toEqual([409, model])
  }
  expect(await answerOf(address, { method: 'POST' })).toEqual([405, 'GET, HEAD'])
  expect(await answerOf(`${address}/gone`)).toEqual([404, null])
  expect(await answerOf(`${address}/nowhere`, { method: 'POST' })).toEqual([404, null])
  const version = (wanted: string) => ({ method: 'POST', headers: { 'accept-version': wanted } })
  expect((await answerOf(`${address}/version`, version('1.x')))[0]).toBe(405)
  expect((await answerOf(`${address}/version`, version('2.x')))[0]).toBe(404)
})
