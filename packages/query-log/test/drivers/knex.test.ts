import knex, { type Knex } from 'knex'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { PostgresDatabase } from '../../../store-postgres/test/postgres-server.js'
import { observeKnex, observePg } from '../../src/index.js'
import { isBetterSqliteLoadable } from './better-sqlite3-driver.js'
import { expectSame, type Trace } from './differential.js'
import { places } from './places.js'
import { endedOnes, queriesOf, rejected, told } from './requests.js'

let database: PostgresDatabase

beforeAll(async () => {
  database = await PostgresDatabase.create()
})
afterAll(() => database.remove())

interface Kind {
  readonly config: () => Knex.Config
  /** How the database names its constraint, and wraps names. */
  readonly code: string
  readonly system: string
  readonly quote: string
}

const kinds: Readonly<Record<string, Kind>> = {
  pg: {
    config: () => ({
      client: 'pg',
      connection: { connectionString: database.url() },
      pool: { min: 0, max: 1 },
    }),
    code: '23505',
    system: 'postgresql',
    quote: '"',
  },
  'better-sqlite3': {
    config: () => ({
      client: 'better-sqlite3',
      connection: { filename: ':memory:' },
      useNullAsDefault: true,
      pool: { min: 0, max: 1, idleTimeoutMillis: 600_000 },
    }),
    code: 'SQLITE_CONSTRAINT_PRIMARYKEY',
    system: 'sqlite',
    quote: '`',
  },
}

async function opened(config: Knex.Config): Promise<Knex> {
  const db = knex(config)
  onTestFinished(() => db.destroy())
  await db.schema.dropTableIfExists('orders')
  await db.schema.createTable('orders', (table) => {
    table.integer('id').primary()
    table.text('name')
  })
  await db('orders').insert([1, 2, 3].map((id) => ({ id, name: `order ${id}` })))
  return db
}

const loadable = Object.entries(kinds).filter(
  ([name]) => name !== 'better-sqlite3' || isBetterSqliteLoadable(),
)

describe.each(loadable)('knex over %s', (_name, { config, code, system, quote }) => {
  test('notes builders, raw statements, streams, transactions with their ends, and errors', async () => {
    const db = await opened(config())
    expect(observeKnex(observeKnex(db))).toBe(db)
    const fact = await queriesOf(async () => {
      await db('orders').where('name', '<>', 'canary').select('id')
      await db.raw('SELECT 1 AS one')
      await db('orders').where({ id: 1 }).update({ name: 'canary' })
      await rejected(db('orders').insert({ id: 1, name: 'canary' }))
      await db.transaction(async (trx) => {
        await trx('orders').where({ id: 2 }).select('name')
        await trx.transaction((inner) => inner.raw('SELECT 2 AS two'))
      })
      await rejected(
        db.transaction(async (trx) => {
          await trx.raw('SELECT 3 AS three')
          throw new Error('roll back')
        }),
      )
      for await (const _ of db('orders').select('id').stream());
    })
    const q = (text: string) => text.replaceAll('"', quote)
    expect(told(fact).map((run) => (run as unknown[])[0])).toEqual([
      q('select "id" from "orders" where "name" <> ?'),
      'SELECT ? AS one',
      q('update "orders" set "name" = ? where "id" = ?'),
      expect.stringContaining('insert into'),
      'BEGIN',
      q('select "name" from "orders" where "id" = ?'),
      expect.stringMatching(/^SAVEPOINT trx/),
      'SELECT ? AS two',
      expect.stringMatching(/^RELEASE SAVEPOINT trx/),
      'COMMIT',
      'BEGIN',
      'SELECT ? AS three',
      'ROLLBACK',
      q('select "id" from "orders"'),
    ])
    expect([0, 1, 2, 3, 5].map((run) => fact.list[run]?.rows)).toEqual([3, 1, 1, null, 1])
    expect(fact.list.map(({ errorCode }) => errorCode).filter((found) => found !== null)).toEqual([
      code,
    ])
    expect(endedOnes(fact)).toHaveLength(14)
    expect(fact.statements.every((statement) => statement.system === system)).toBe(true)
    expect(JSON.stringify(fact)).not.toContain('canary')
  })

  test('notes the wait for a connection where none is free, for the request that waited', async () => {
    const db = observeKnex(await opened(config()))
    const holding = await db.transaction()
    const fact = await queriesOf(async () => {
      const waiting = db('orders').select('id')
      const ready = waiting.then((rows) => rows)
      await new Promise((resolve) => setTimeout(resolve, 50))
      await holding.commit()
      await ready
    })
    expect(told(fact).map((run) => (run as unknown[])[0])).toEqual([
      'acquireConnection()',
      'COMMIT',
      expect.stringContaining('select'),
    ])
    expect(fact.list[0]?.waitMs).toBeGreaterThan(30)
  })

  test.each(Object.entries(places))(
    '%s, it shows the application the same',
    async (_place, place) => {
      const script = async (db: Knex, seen: Trace) => {
        db.on('query', ({ sql, bindings }) => seen.note('query', [sql, bindings]))
        db.on('query-response', (response) => seen.note('query-response', response))
        db.on('query-error', (error) => seen.note('query-error', error))
        await seen.settled('select', db('orders').select().orderBy('id'))
        await seen.settled(
          'raw',
          db.raw('SELECT ? AS one', ['1']).then((result) => typeof result),
        )
        await seen.settled('constraint', db('orders').insert({ id: 1 }))
        await seen.settled('syntax', db.raw('SELEC'))
        await seen.settled('empty', db.raw(''))
        await seen.settled(
          'transaction',
          db.transaction(async (trx) => {
            await trx('orders').where({ id: 2 }).update({ name: 'changed' })
            await seen.settled('inside', trx('orders').where({ id: 2 }).first())
            throw new Error('roll back')
          }),
        )
        await seen.settled('afterwards', db('orders').where({ id: 2 }).first())
        for await (const row of db('orders').select('id').orderBy('id').stream())
          seen.note('row', row)
        const params = db.withUserParams({ some: 'param' })
        await seen.settled('with parameters', params('orders').where({ id: 3 }).first())
        db('orders').count({ all: '*' }).asCallback(seen.callback('count'))
        await seen.done()
        void db.raw('SELEC unhandled').then(() => undefined)
        await new Promise((resolve) => setTimeout(resolve, 50))
        seen.note('class', db.client.constructor.name)
      }
      await place(async () => {
        const first = await opened(config())
        const second = observeKnex(await opened(config()))
        await expectSame({ bare: first, observed: second }, script)
      })
    },
  )
})

test('over a pool of pg that is observed itself, a query is noted once', async () => {
  const pool = observePg(new pg.Pool({ connectionString: database.url(), max: 1 }))
  onTestFinished(() => pool.end())
  const config = { client: 'pg', connectionPool: pool } as unknown as Knex.Config
  const db = observeKnex(knex(config))
  await db.raw('SELECT 1')
  const fact = await queriesOf(() => db.raw('SELECT 1 AS one'))
  expect(told(fact)).toEqual([['SELECT ? AS one', 1, null]])
})

test('leaves an instance over mysql2 as it is, which tells of its queries itself', () => {
  const db = knex({ client: 'mysql2', connection: { host: '127.0.0.1', port: 1 } })
  const before = Object.entries(db.client)
  expect(observeKnex(db)).toBe(db)
  expect(Object.entries(db.client)).toEqual(before)
})

test('refuses what is no instance of knex', () => {
  for (const wrong of [null, 'knex', {}, { client: {} }]) {
    expect(() => observeKnex(wrong as { client: unknown })).toThrow(
      expect.objectContaining({ code: 'SCS_QUERY_LOG_ERR_NOT_OBSERVABLE' }),
    )
  }
})
