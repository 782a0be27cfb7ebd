import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import pg from 'pg'
import copy from 'pg-copy-streams'
import Cursor from 'pg-cursor'
import QueryStream from 'pg-query-stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PostgresDatabase } from '../../../store-postgres/test/postgres-server.js'
import { observePg } from '../../src/index.js'
import { expectSame, type Script, type Trace } from './differential.js'
import { type Place, places } from './places.js'

const databases: PostgresDatabase[] = []

beforeAll(async () => {
  for (const _ of ['bare', 'observed']) {
    const database = await PostgresDatabase.create()
    databases.push(database)
    await database.admin(
      'CREATE TABLE orders (id int PRIMARY KEY, name text); INSERT INTO orders SELECT i, $q$order $q$ || i FROM generate_series(1, 5) i',
    )
  }
})
afterAll(() => Promise.all(databases.map((database) => database.remove())))

/** Runs a script on a bare and on an observed client. */
async function sameOfClients(
  place: Place,
  script: Script<pg.Client>,
  config: pg.ClientConfig = {},
): Promise<void> {
  const [bare, observed] = databases.map(
    (database) => new pg.Client({ connectionString: database.url(), ...config }),
  ) as [pg.Client, pg.Client]
  expect(observePg(observed)).toBe(observed)
  try {
    await Promise.all([bare.connect(), observed.connect()])
    await place(() => expectSame({ bare, observed }, script))
  } finally {
    await Promise.allSettled([bare.end(), observed.end()])
  }
}

/** The same for pools. */
async function sameOfPools(
  place: Place,
  script: Script<pg.Pool>,
  config: pg.PoolConfig = {},
): Promise<void> {
  const [bare, observed] = databases.map(
    (database) => new pg.Pool({ connectionString: database.url(), max: 2, ...config }),
  ) as [pg.Pool, pg.Pool]
  expect(observePg(observed)).toBe(observed)
  try {
    await place(() => expectSame({ bare, observed }, script))
  } finally {
    await Promise.allSettled([bare, observed].map((pool) => (pool.ending ? null : pool.end())))
  }
}

/** The first answer of the server, from which ticks are counted. */
function answerOf(client: pg.Client): Promise<void> {
  const { connection } = client
  return new Promise((resolve) => {
    const answers = ['readyForQuery', 'errorMessage']
    const answered = () => {
      for (const answer of answers) connection.off(answer, answered)
      resolve()
    }
    for (const answer of answers) connection.prependListener(answer, answered)
  })
}

async function asked(seen: Trace, client: pg.Client, ...args: unknown[]): Promise<void> {
  const what = JSON.stringify(args.slice(0, 2))
  const query = client.query as (...args: unknown[]) => unknown
  // After an error the server still says that it is ready.
  const { readyForQuery } = client as unknown as { readyForQuery: boolean }
  if (!readyForQuery) await answerOf(client)
  const answered = answerOf(client)
  const promise = seen.call(what, () => query.apply(client, args))
  await seen.settled(what, promise, answered)
}

describe.each(Object.entries(places))(
  '%s, an observed client of pg shows the application the same',
  (_name, place) => {
    test('results of texts, values, configurations and types', () =>
      sameOfClients(place, async (client, seen) => {
        await asked(seen, client, 'SELECT id, name FROM orders ORDER BY id')
        await asked(seen, client, 'SELECT name FROM orders WHERE id = $1', [2])
        await asked(seen, client, { text: 'SELECT name FROM orders WHERE id = $1', values: [3] })
        await asked(seen, client, { text: 'SELECT name, id FROM orders', rowMode: 'array' })
        await asked(seen, client, { name: 'one', text: 'SELECT $1::int AS one', values: [1] })
        await asked(seen, client, { name: 'one', values: [2] })
        await asked(seen, client, { text: 'SELECT 1 AS one', queryMode: 'extended' })
        await asked(seen, client, { text: 'SELECT id FROM orders ORDER BY id', rows: 2 })
        const types = { getTypeParser: () => (text: string) => `read ${text}` }
        await asked(seen, client, { text: 'SELECT 1 AS one', types })
        await asked(seen, client, 'SELECT 1 AS one; SELECT 2 AS two; UPDATE orders SET name = name')
        await asked(seen, client, '')
        await asked(seen, client, 'BEGIN')
        await asked(seen, client, 'ROLLBACK')
        seen.note('the client', Object.keys(client).sort())
        seen.note('query', [client.query, Object.hasOwn(client, 'query')])
      }))

    test('errors of syntax, constraints, names, values, type parsers and wrong use', () =>
      sameOfClients(place, async (client, seen) => {
        await asked(seen, client, 'SELEC 1')
        await asked(seen, client, 'INSERT INTO orders VALUES ($1, $2)', [1, 'again'])
        await asked(seen, client, { name: 'two', text: 'SELECT 1' })
        await asked(seen, client, { name: 'two', text: 'SELECT 2' })
        await asked(seen, client, 'SELECT $1::int', 'no array')
        await asked(seen, client, { name: 5 })
        const thrown = () => {
          throw new TypeError('not readable')
        }
        await asked(seen, client, {
          text: 'SELECT 1 AS one',
          types: { getTypeParser: () => thrown },
        })
        await asked(seen, client, 'SELECT $1::text', [{ toPostgres: thrown }])
        await asked(seen, client, null)
        await asked(seen, client, 'SELECT 1', [], 'no function')
        await asked(seen, client, 'SELECT 1 AS fine; SELECT 1 / 0')
      }))

    test('callbacks, their arguments, order and context, also one that throws', () =>
      sameOfClients(place, async (client, seen) => {
        const thrown = seen.callback('a throwing one', () => {
          throw new Error('of the callback')
        })
        process.once('uncaughtException', seen.callback('the uncaught exception'))
        const exceptions = process.listeners('uncaughtException')
        for (const listener of exceptions.slice(0, -1)) process.off('uncaughtException', listener)
        seen.within('the application', () => {
          client.query('SELECT 1 AS one', seen.callback('one'))
          client.query(
            'SELECT $1::int AS two',
            [2],
            seen.callback('two', () => client.query('SELECT 3', seen.callback('three'))),
          )
          client.query({ text: 'SELECT 4 AS four' }, seen.callback('four'))
          client.query('SELEC', seen.callback('a syntax error'))
          client.query('SELECT 5', thrown)
        })
        const promise = client.query('SELECT 6 AS six')
        await Promise.all([seen.settled('six', promise), seen.done()])
        for (const listener of exceptions.slice(0, -1)) process.on('uncaughtException', listener)
      }))

    test('rejections that nobody handles', () =>
      sameOfClients(place, async (client, seen) => {
        void client.query('SELEC 1')
        await client.query('SELECT 1')
        await seen.done()
      }))

    test('events of a query, a cursor, a stream, and COPY in both directions', () =>
      sameOfClients(place, async (client, seen) => {
        const query = client.query(new pg.Query('SELECT id FROM orders ORDER BY id'))
        seen.events('the query', query, ['row', 'end', 'error'])
        const failing = client.query(new pg.Query('SELEC'))
        seen.events('the failing query', failing, ['row', 'end', 'error'])
        await seen.settled('after them', client.query('SELECT 1'))

        const cursor = client.query(new Cursor('SELECT id FROM orders WHERE id > $1', [1]))
        await seen.settled('a first piece', cursor.read(2))
        await seen.settled('a second piece', cursor.read(20))
        await seen.settled('its end', cursor.close())
        const early = client.query(new Cursor('SELECT id FROM orders'))
        await seen.settled('a piece', early.read(1))
        await seen.settled('closing early', early.close())
        const wrong = client.query(new Cursor('SELEC'))
        await seen.settled('of an error', wrong.read(1))

        const stream = client.query(new QueryStream('SELECT id FROM orders', [], { batchSize: 2 }))
        seen.note('the stream', Object.keys(stream).sort())
        for await (const row of stream) seen.note('a row', row)
        const cut = client.query(new QueryStream('SELECT id FROM orders', [], { batchSize: 1 }))
        for await (const row of cut) {
          seen.note('only one row', row)
          break
        }

        const out = client.query(copy.to('COPY orders TO STDOUT'))
        seen.events('COPY TO', out, ['data', 'end', 'error'])
        await finished(out)
        seen.note('COPY TO has', out.rowCount)
        const into = client.query(copy.from('COPY orders FROM STDIN'))
        seen.events('COPY FROM', into, ['finish', 'error'])
        into.end('10\tten\n11\televen\n')
        await finished(into)
        seen.note('COPY FROM has', into.rowCount)
        const refused = client.query(copy.from('COPY orders FROM STDIN'))
        seen.events('a refused COPY FROM', refused, ['finish', 'error'])
        refused.end('1\tagain\n')
        await finished(refused).catch(() => undefined)
        await seen.settled('clean up', client.query('DELETE FROM orders WHERE id > 5'))
      }))

    test('a query that runs too long for the client', () =>
      sameOfClients(place, async (client, seen) => {
        // Only this one has a limit: the next waits for its end, and must not fail because the machine is busy.
        const tooLong = { text: 'SELECT pg_sleep(0.5)', query_timeout: 100 }
        await seen.settled('too long', client.query(tooLong))
        await seen.settled('the next', client.query('SELECT 1 AS one'))
        seen.within('the application', () => client.query(tooLong, seen.callback('too long')))
        await seen.done()
      }))

    test('a connection that is lost in the middle of a query', () =>
      sameOfClients(place, async (client, seen) => {
        seen.events('the client', client, ['error', 'end'])
        const settled = seen.settled('running', client.query('SELECT pg_sleep(30)'))
        const waiting = seen.settled('waiting', client.query('SELECT 1'))
        client.query('SELECT 2', seen.callback('waiting with a callback'))
        ;(client as unknown as pg.Client).connection.stream.destroy(new Error('cut'))
        await Promise.all([settled, waiting])
        await seen.settled('afterwards', client.query('SELECT 3'))
        await seen.done()
      }))

    test('a client that is terminated by the server, and one that has ended', () =>
      sameOfClients(place, async (client, seen) => {
        seen.events('the client', client, ['error', 'end'])
        const ended = new Promise<void>((resolve) => client.once('end', () => resolve()))
        await seen.settled(
          'terminated',
          client.query('SELECT pg_terminate_backend(pg_backend_pid())'),
        )
        await ended
        await seen.done()
        await seen.settled('the end', client.end())
        await seen.settled('afterwards', client.query('SELECT 3'))
      }))

    test('a pool: results, errors, callbacks, a transaction, clients, events, and its end', () =>
      sameOfPools(
        place,
        async (pool, seen) => {
          seen.events('the pool', pool, ['connect', 'acquire', 'release', 'remove', 'error'])
          await seen.settled(
            'a query',
            seen.call('query', () => pool.query('SELECT id FROM orders')),
          )
          await seen.settled('with a value', pool.query('SELECT $1::int AS one', [1]))
          // After an error the pool closes the client, which takes its time.
          const closed = () => once(pool, 'remove')
          await Promise.all([closed(), seen.settled('an error', pool.query('SELEC'))])
          const nothing = null as unknown as string
          await Promise.all([closed(), seen.settled('nothing', pool.query(nothing))])
          await seen.settled('a function', pool.query((() => {}) as unknown as string))
          seen.within('the application', () => {
            pool.query('SELECT 1 AS one', seen.callback('one'))
            pool.query('SELECT $1::int AS two', [2], seen.callback('two'))
            pool.query('SELEC', seen.callback('a syntax error'))
          })
          await Promise.all([closed(), seen.done()])
          const client = (await seen.settled('a client', pool.connect())) as pg.PoolClient
          await seen.settled('begin', client.query('BEGIN'))
          await seen.settled('change', client.query('UPDATE orders SET name = name WHERE id < 3'))
          await seen.settled('rollback', client.query('ROLLBACK'))
          client.release()
          seen.call('released again', () => client.release())
          seen.within('the application', () =>
            pool.connect(
              seen.callback('a client', (_error, client, release) => {
                ;(client as pg.PoolClient).query(
                  'SELECT 1',
                  seen.callback('of it', release as () => void),
                )
              }),
            ),
          )
          await seen.done()
          void pool.query('SELECT 1')
          void pool.query('SELEC unhandled')
          await closed()
          await seen.done()
          seen.note('the pool', [Object.keys(pool).sort(), pool.query, pool.connect])
          seen.note('counts', [pool.totalCount, pool.idleCount, pool.waitingCount])
          await seen.settled(
            'the end',
            seen.call('end', () => pool.end()),
          )
          await seen.settled('a query afterwards', pool.query('SELECT 1'))
          await seen.settled('a client afterwards', pool.connect())
          pool.query('SELECT 1', seen.callback('a query afterwards'))
          await seen.done()
        },
        { max: 1 },
      ))

    test('a pool whose clients are all in use: those that wait, in their order, and those that wait too long', () =>
      sameOfPools(
        place,
        async (pool, seen) => {
          const client = (await seen.settled('the only one', pool.connect())) as pg.PoolClient
          // Only while nobody can be served: whoever can must not fail because the machine is busy.
          pool.options.connectionTimeoutMillis = 200
          await Promise.all([
            seen.settled('a query too late', pool.query('SELECT 1')),
            seen.settled('a client too late', pool.connect()),
          ])
          void pool.connect()
          pool.options.connectionTimeoutMillis = 0
          while (pool.waitingCount > 0) await new Promise((resolve) => setTimeout(resolve, 10))
          await seen.done()
          const waiting = [
            seen.settled('one', pool.query('SELECT 1 AS one')),
            seen.settled('two', pool.query('SELECT 2 AS two')),
            seen
              .settled('three', pool.connect())
              .then((third) => (third as pg.PoolClient).release()),
          ]
          pool.query('SELECT 4', seen.callback('four'))
          seen.note('counts', [pool.totalCount, pool.idleCount, pool.waitingCount])
          client.release()
          await Promise.all(waiting)
          await seen.done()
        },
        { max: 1 },
      ))

    test('a pool whose database is not there', () =>
      sameOfPools(
        place,
        async (pool, seen) => {
          await seen.settled('a query', pool.query('SELECT 1'))
          await seen.settled('a client', pool.connect())
          pool.query('SELECT 1', seen.callback('a query'))
          pool.connect(seen.callback('a client'))
          await seen.done()
        },
        { connectionString: 'postgres://postgres:wrong@127.0.0.1:1/none' },
      ))
  },
)
