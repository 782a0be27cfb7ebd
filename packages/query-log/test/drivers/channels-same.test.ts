import { executionAsyncResource } from 'node:async_hooks'
import { createClient } from '@redis/client'
import { Redis } from 'ioredis'
import mysql from 'mysql2'
import promised from 'mysql2/promise'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ChannelDriver } from '../../src/index.js'
import { buildApp } from '../build-app.js'
import { startMariadb, startRedis } from './database-servers.js'
import { type Script, type Seen, seenBy, type Trace } from './differential.js'

/*
 * What an application sees of drivers that are listened to: its own AsyncLocalStorage, the resource that its callbacks run in, results, errors, order.
 * What does change, ticks and rejections that nobody handles, is in heard-drivers.test.ts.
 */
const redis = await startRedis()
const mariadb = await startMariadb()
const ALL: readonly ChannelDriver[] = ['mysql2', '@redis/client', 'ioredis', 'node:sqlite']

/** Runs a script within a request. */
async function seenWithin<Driver>(
  channels: false | readonly ChannelDriver[],
  open: () => Promise<Driver>,
  script: Script<Driver>,
): Promise<Seen> {
  const { app } = await buildApp({ channels })
  let seen: Seen = []
  app.get('/', async () => {
    seen = await seenBy(await open(), script)
    return 'done'
  })
  expect((await app.inject('/')).body).toBe('done')
  if (channels !== false) expect(app.queryLog.stats().queries).toBeGreaterThan(3)
  await app.close()
  return seen
}

async function same<Driver>(open: () => Promise<Driver>, script: Script<Driver>): Promise<void> {
  const bare = await seenWithin(false, open, script)
  expect(bare.length).toBeGreaterThan(5)
  expect(await seenWithin(ALL, open, script)).toEqual(bare)
}

/** A callback that also notes in which asynchronous resource it runs. */
function callback(seen: Trace, what: string, then?: () => void): (...args: unknown[]) => void {
  return seen.callback(what, () => {
    seen.note(`${what} runs in`, executionAsyncResource().constructor?.name)
    then?.()
  })
}

describe.skipIf(mariadb === undefined)('mysql2', () => {
  const options = { host: '127.0.0.1', port: mariadb?.port ?? 0, user: 'root' }

  it('calls back in the same context of the application, with the same, in the same order', () =>
    same(
      async () => {
        const pool = mysql.createPool({ ...options, connectionLimit: 1 })
        onTestFinished(() => void pool.end())
        return pool
      },
      async (pool, seen) => {
        for (const context of ['a', 'b', 'c']) {
          seen.within(context, () => {
            pool.query(
              'SELECT 1 AS a',
              callback(seen, 'query', () => {
                pool.execute('SELECT ? AS b', [2], callback(seen, 'execute'))
              }),
            )
            pool.query('SELEC', callback(seen, 'error'))
            pool.getConnection(
              seen.callback('connection', (_error, connection) => {
                const own = connection as mysql.PoolConnection
                own.query('SELECT 3 AS c', callback(seen, 'own'))
                own
                  .query('SELECT 4 AS d UNION SELECT 5')
                  .on('result', callback(seen, 'row'))
                  .once(
                    'end',
                    seen.callback('end', () => own.release()),
                  )
                seen.callback('second row')
              }),
            )
          })
        }
        await new Promise((resolve) => setTimeout(resolve, 500))
      },
    ))

  it('settles promises in the same context, with the same, in the same order', () =>
    same(
      async () => {
        const pool = promised.createPool({ ...options, connectionLimit: 1 })
        onTestFinished(() => pool.end())
        return pool
      },
      async (pool, seen) => {
        await seen.settled('first', pool.query('SELECT 1 AS a'))
        await seen.settled('syntax', pool.query('SELEC'))
        await seen.settled('execute', pool.execute('SELECT ? AS a', [1]))
        await seen.settled('wrong', pool.execute('SELECT ? AS a', []))
        await seen.settled('last', pool.query('SELECT 2 AS a'))
        void pool.query('SELEC')
        // Behind it, on the only connection.
        await pool.query('SELECT 3 AS a')
      },
    ))
})

describe.skipIf(redis === undefined)('Redis', () => {
  const port = redis?.port ?? 0

  it('@redis/client settles in the same context, with the same, in the same order', () =>
    same(
      async () => {
        const client = createClient({ socket: { host: '127.0.0.1', port } })
        onTestFinished(() => client.destroy())
        await client.connect()
        await client.flushAll()
        return client
      },
      async (client, seen) => {
        for (const context of ['a', 'b', 'c']) {
          await seen.within(context, async () => {
            await seen.settled('set', client.set(context, '1'))
            await seen.settled('lPush', client.lPush(context, '1'))
            await client.get(context).then(callback(seen, 'get'))
            await seen.settled('multi', client.multi().get(context).incr(context).exec())
          })
        }
        void client.lPush('a', '1')
        await client.ping()
      },
    ))

  it('ioredis calls back in the same context, with the same, in the same order', () =>
    same(
      async () => {
        const client = new Redis(port, '127.0.0.1', { lazyConnect: true })
        onTestFinished(() => client.disconnect())
        await client.connect()
        await client.flushall()
        return client
      },
      async (client, seen) => {
        for (const context of ['a', 'b', 'c']) {
          seen.within(context, () => {
            client.get(context, callback(seen, 'get'))
            client.call('NOSUCH', callback(seen, 'error') as never).catch(() => {})
          })
          // Whatever is under way at once comes in one piece from the server or in two.
          await seen.done()
          seen.within(context, () => {
            client.get(
              context,
              callback(seen, 'get', () => void client.set(context, '1', callback(seen, 'set'))),
            )
          })
          await seen.done()
          seen.within(context, () => {
            client.pipeline().get(context).exec(callback(seen, 'exec'))
          })
          await seen.done()
        }
      },
    ))
})
