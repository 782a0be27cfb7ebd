import { finished } from 'node:stream/promises'
import { currentRequest } from '@fastify-scs/core'
import pg from 'pg'
import copy from 'pg-copy-streams'
import Cursor from 'pg-cursor'
import QueryStream from 'pg-query-stream'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { PostgresDatabase } from '../../../store-postgres/test/postgres-server.js'
import { observePg, type QueriesFact } from '../../src/index.js'
import { buildApp, factOf } from '../build-app.js'
import { endedOnes, queriesOf, rejected, told } from './requests.js'

let database: PostgresDatabase

beforeAll(async () => {
  database = await PostgresDatabase.create()
  await database.admin(
    'CREATE TABLE orders (id int PRIMARY KEY, name text); INSERT INTO orders SELECT i, $q$order $q$ || i FROM generate_series(1, 5) i',
  )
})
afterAll(() => database.remove())

/** A pool that is observed. */
function poolOf(config: pg.PoolConfig = {}): pg.Pool {
  const pool = observePg(new pg.Pool({ connectionString: database.url(), max: 2, ...config }))
  pool.on('error', () => {})
  onTestFinished(() => (pool.ending ? undefined : pool.end()))
  return pool
}

async function clientOf(config: pg.ClientConfig = {}): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.url(), ...config })
  client.on('error', () => {})
  onTestFinished(() => client.end())
  await client.connect()
  return client
}

test('notes texts, values, configurations, callbacks and several statements, with rows and codes of errors', async () => {
  const client = observePg(await clientOf())
  const fact = await queriesOf(async () => {
    await client.query("SELECT name FROM orders WHERE name <> 'canary-1'")
    await client.query('SELECT name FROM orders WHERE id = $1', [2])
    await client.query({ name: 'named', text: 'SELECT $1::int AS one', values: [1] })
    await client.query({ text: 'SELECT id FROM orders WHERE id < 3', rowMode: 'array' })
    await new Promise((resolve) => client.query('UPDATE orders SET name = name', resolve))
    await client.query('BEGIN; UPDATE orders SET name = name WHERE id < 3; SELECT 1; COMMIT')
    await rejected(client.query('SELEC 1'))
    await rejected(client.query('INSERT INTO orders VALUES (1)'))
  })
  expect(told(fact)).toEqual([
    ['SELECT name FROM orders WHERE name <> ?', 5, null],
    ['SELECT name FROM orders WHERE id = ?', 1, null],
    ['SELECT ?::int AS one', 1, null],
    ['SELECT id FROM orders WHERE id < ?', 2, null],
    ['UPDATE orders SET name = name', 5, null],
    [expect.stringMatching(/^BEGIN; UPDATE/), 3, null],
    ['SELEC ?', null, '42601'],
    ['INSERT INTO orders VALUES (?)', null, '23505'],
  ])
  expect(fact.statements.every(({ system }) => system === 'postgresql')).toBe(true)
  expect(endedOnes(fact)).toHaveLength(8)
  expect(fact.list.every(({ waitMs }) => waitMs === null)).toBe(true)
})

test('notes a prepared statement that is run again by its name alone', async () => {
  const client = observePg(await clientOf())
  const fact = await queriesOf(async () => {
    await client.query({ name: 'orders_of_today', text: 'SELECT 1' })
    await client.query({ name: 'orders_of_today' } as unknown as pg.QueryConfig)
  })
  expect(told(fact)).toEqual([
    ['SELECT ?', 1, null],
    ['orders_of_today', 1, null],
  ])
})

test('notes cursors, streams and COPY until they end; of cursors the rows are not known', async () => {
  const client = observePg(await clientOf())
  const fact = await queriesOf(async () => {
    const cursor = client.query(new Cursor('SELECT id FROM orders'))
    await cursor.read(2)
    await cursor.close()
    for await (const _ of client.query(new QueryStream('SELECT name FROM orders')));
    const out = client.query(copy.to('COPY orders TO STDOUT'))
    out.resume()
    await finished(out)
    const into = client.query(copy.from('COPY orders FROM STDIN'))
    into.end('10\tten\n11\televen\n')
    await finished(into)
    const refused = client.query(copy.from('COPY orders (id) FROM STDIN'))
    refused.end('1\n')
    await rejected(finished(refused))
    await rejected(client.query(new Cursor('SELEC')).read(1))
    await client.query('DELETE FROM orders WHERE id > 5')
  })
  expect(told(fact)).toEqual([
    ['SELECT id FROM orders', null, null],
    ['SELECT name FROM orders', null, null],
    ['COPY orders TO STDOUT', 5, null],
    ['COPY orders FROM STDIN', 2, null],
    ['COPY orders (id) FROM STDIN', null, '23505'],
    ['SELEC', null, '42601'],
    ['DELETE FROM orders WHERE id > ?', 2, null],
  ])
  expect(endedOnes(fact)).toHaveLength(7)
})

test('notes a connection that is lost, a query that takes too long, and a query that pg cannot read', async () => {
  const [lost, slow, unreadable] = await Promise.all([
    clientOf(),
    clientOf({ query_timeout: 50 }),
    clientOf(),
  ])
  for (const client of [lost, slow, unreadable]) observePg(client)
  const fact = await queriesOf(async () => {
    const running = rejected(lost.query('SELECT pg_sleep(30)'))
    lost.connection.stream.destroy(Object.assign(new Error('cut'), { code: 'ECONNRESET' }))
    await running
    await rejected(slow.query('SELECT pg_sleep(1)'))
    const getTypeParser = () => () => {
      throw new TypeError('not readable')
    }
    await rejected(unreadable.query({ text: 'SELECT 1', types: { getTypeParser } }))
  })
  expect(told(fact)).toEqual([
    ['SELECT pg_sleep(?)', null, 'ECONNRESET'],
    ['SELECT pg_sleep(?)', null, 'Error'],
    ['SELECT ?', null, 'TypeError'],
  ])
})

test('a query of a pool has the wait for its connection, also when none comes', async () => {
  const pool = poolOf({ max: 1 })
  const busy = await pool.connect()
  const fact = await queriesOf(async () => {
    pool.options.connectionTimeoutMillis = 150
    await rejected(pool.query('SELECT 1 AS late'))
    pool.options.connectionTimeoutMillis = 0
    const waiting = pool.query('SELECT 2 AS waited')
    await new Promise((resolve) => setTimeout(resolve, 50))
    busy.release()
    await waiting
    await pool.query('SELECT 3 AS idle')
  })
  expect(told(fact)).toEqual([
    ['SELECT ? AS late', null, 'Error'],
    ['SELECT ? AS waited', 1, null],
    ['SELECT ? AS idle', 1, null],
  ])
  const [late, waited, idle] = fact.list
  expect(late?.waitMs).toBeNull()
  expect(late?.durationMs).toBeGreaterThan(100)
  expect(waited?.waitMs).toBeGreaterThan(40)
  expect(waited?.durationMs).toBeGreaterThan(waited?.waitMs ?? Number.NaN)
  expect(idle?.waitMs).toBe(0)
})

test('a checkout that has to wait is an entry of its own; one that finds an idle client is none', async () => {
  const pool = poolOf({ max: 1 })
  const fact = await queriesOf(async () => {
    const first = await pool.connect()
    pool.options.connectionTimeoutMillis = 150
    await rejected(pool.connect())
    pool.options.connectionTimeoutMillis = 0
    setTimeout(() => first.release(), 50)
    const second = await pool.connect()
    await second.query('BEGIN')
    await second.query('COMMIT')
    second.release()
    const third = await pool.connect()
    setTimeout(() => third.release(), 50)
    await new Promise<void>((resolve) => {
      pool.connect((_error, _client, release) => {
        release()
        resolve()
      })
    })
  })
  expect(told(fact)).toEqual([
    ['pool.connect()', null, null],
    ['pool.connect()', null, 'Error'],
    ['pool.connect()', null, null],
    ['BEGIN', null, null],
    ['COMMIT', null, null],
    ['pool.connect()', null, null],
  ])
  expect(fact.list[1]?.durationMs).toBeGreaterThan(100)
  expect(fact.list[2]?.waitMs).toBeGreaterThan(30)
})

test('notes the queries of clients that were made, and in use, before the pool was observed', async () => {
  const pool = new pg.Pool({ connectionString: database.url(), max: 2 })
  onTestFinished(() => pool.end())
  const inUse = await pool.connect()
  await pool.query('SELECT 1')
  observePg(pool)
  const fact = await queriesOf(async () => {
    await inUse.query('SELECT 1 AS in_use')
    await pool.query('SELECT 1 AS idle')
    await Promise.all([pool.query('SELECT 1 AS a'), rejected(pool.query('SELEC b'))])
    await pool.query('SELECT 1 AS made_later')
  })
  inUse.release()
  expect(fact.count).toBe(5)
  expect(endedOnes(fact)).toHaveLength(5)
})

test('notes each query once, however often a pool and its clients are observed', async () => {
  const pool = observePg(observePg(poolOf()))
  const fact = await queriesOf(async () => {
    const client = observePg(await pool.connect())
    await client.query('SELECT 1')
    client.release()
    await pool.query('SELECT 2')
  })
  expect(told(fact)).toEqual([
    ['pool.connect()', null, null],
    ['SELECT ?', 1, null],
    ['SELECT ?', 1, null],
  ])
})

test('a query belongs to the request that asked, not to the one that gave the client back or has opened it', async () => {
  const pool = poolOf({ max: 1 })
  const { app } = await buildApp()
  const facts = new Map<string, QueriesFact | undefined>()
  let giveBack: (() => void) | undefined
  app.get('/holds', async (request) => {
    const client = await pool.connect()
    await client.query("SELECT 'holds'::text AS holds")
    await new Promise<void>((resolve) => {
      giveBack = resolve
    })
    // From here on whoever waits is called in the asynchronous context of this request.
    client.release()
    facts.set('holds', factOf(request))
    return 'done'
  })
  app.get('/waits', (request, reply) => {
    // With callbacks: these run in the context of the socket, which the other request has opened.
    pool.query('SELECT 1 AS waits', () => {
      pool.query('SELECT 2 AS waits', () => {
        pool.connect((_error, client, release) => {
          client?.query('SELECT 3 AS waits', async () => {
            await client.query('SELECT 4 AS waits')
            release()
            facts.set('waits', factOf(request))
            reply.send('done')
          })
        })
      })
    })
  })
  const holds = app.inject('/holds')
  await expect.poll(() => giveBack).toBeDefined()
  const waits = app.inject('/waits')
  const outside = new Promise((resolve) =>
    pool.query('SELECT 1 AS outside', () => pool.query('SELECT 2 AS outside', resolve)),
  )
  await expect.poll(() => pool.waitingCount).toBe(2)
  giveBack?.()
  await Promise.all([holds, waits, outside])
  const texts = (name: string) => facts.get(name)?.statements.map(({ text }) => text)
  expect(texts('holds')).toEqual(['pool.connect()', 'SELECT ?::text AS holds'])
  expect(texts('waits')).toEqual(['SELECT ? AS waits'])
  expect(facts.get('waits')?.count).toBe(4)
})

test('a connection that a request has opened belongs to no request', async () => {
  const pool = poolOf({ max: 3 })
  const found: unknown[] = []
  await queriesOf(async (request) => {
    expect(currentRequest()).toBe(request)
    await Promise.all([
      pool.query('SELECT 1'),
      new Promise<void>((resolve) => {
        pool.connect((_error, client, release) => {
          found.push(currentRequest() === request)
          client?.query('LISTEN told')
          client?.once('notification', () => {
            found.push(currentRequest())
            release()
            resolve()
          })
          client?.query('NOTIFY told')
        })
      }),
      pool.connect().then(async (client) => {
        found.push(currentRequest() === request)
        client.release()
      }),
    ])
  })
  expect(found).toEqual(expect.arrayContaining([true, true, undefined]))
  expect(found).toHaveLength(3)
})

test('a query is over before its callback is called', async () => {
  const client = observePg(await clientOf())
  let fact: QueriesFact | undefined
  await queriesOf(
    (request) =>
      new Promise<void>((resolve) => {
        client.query('SELECT 1', () => {
          fact = factOf(request)
          resolve()
        })
      }),
  )
  expect(fact?.list[0]?.durationMs).not.toBeNull()
})

test('a query that the client refuses does not run forever', async () => {
  const pool = poolOf()
  const fact = await queriesOf(async () => {
    await rejected(pool.query({ text: 'SELECT 1', values: 'none' } as unknown as pg.QueryConfig))
    await pool.connect().then((client) => {
      client.connection.stream.destroy()
      client.release()
    })
    await rejected(pool.query(null as unknown as string))
  })
  expect(endedOnes(fact)).toHaveLength(fact.list.length)
  expect(fact.list.filter(({ errorCode }) => errorCode !== null)).not.toHaveLength(0)
})

test('a query is submitted again without an end', async () => {
  const client = observePg(await clientOf())
  const query = new pg.Query('SELECT 1')
  const fact = await queriesOf(async () => {
    for (const _ of [1, 2]) {
      const ended = new Promise((resolve) => query.once('end', resolve))
      client.query(query)
      await ended
    }
  })
  expect(told(fact)).toHaveLength(2)
  expect(endedOnes(fact)).toHaveLength(2)
})

test('a Submittable that lets nobody set a property runs, and is noted without a duration', async () => {
  const client = observePg(await clientOf())
  const query = new pg.Query('SELECT 1')
  const ended = new Promise((resolve) => query.on('end', resolve))
  Object.defineProperty(query, 'handleReadyForQuery', {
    value: Reflect.get(query, 'handleReadyForQuery'),
  })
  const fact = await queriesOf(async () => {
    client.query(query)
    await ended
  })
  expect(told(fact)).toEqual([['SELECT ?', null, null]])
  expect(endedOnes(fact)).toEqual([])
})

test('shows as little as possible of itself, and prints no warning', async () => {
  const warnings: unknown[] = []
  const warned = (warning: Error) => warnings.push(warning.message)
  process.on('warning', warned)
  onTestFinished(() => void process.off('warning', warned))
  const client = await clientOf()
  const before = Object.keys(client)
  const { query } = client
  observePg(client)
  expect(client.query).toBe(query)
  expect(Object.keys(client)).toEqual(before)
  const bare = new pg.Pool()
  const pool = observePg(new pg.Pool())
  expect(Object.keys(pool)).toEqual(Object.keys(bare))
  expect([pool.query.name, pool.query.length]).toEqual([bare.query.name, bare.query.length])
  expect([pool.connect.name, pool.connect.length]).toEqual([bare.connect.name, bare.connect.length])
  await new Promise((resolve) => setImmediate(resolve))
  expect(warnings.filter((warning) => String(warning).includes('queryQueue'))).toEqual([])
})

test('refuses what it cannot observe', () => {
  for (const wrong of [null, 'a pool', {}, { query() {}, connect() {}, on() {} }]) {
    expect(() => observePg(wrong as unknown as pg.Pool)).toThrow(
      expect.objectContaining({ code: 'SCS_QUERY_LOG_ERR_NOT_OBSERVABLE' }),
    )
  }
  // As those of `pg.native` are: pg-native itself needs libpq and a compiler.
  const Native = Object.assign(class extends pg.Client {}, { Query: class NativeQuery {} })
  expect(() => observePg(new pg.Pool({ Client: Native }))).toThrow(/pg\.native/)
  expect(() => observePg(Object.assign(new pg.Client(), { native: {} }))).toThrow(/pg\.native/)
})
