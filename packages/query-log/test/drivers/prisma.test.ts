import pg from 'pg'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { PostgresDatabase } from '../../../store-postgres/test/postgres-server.js'
import { observePg, observePrisma } from '../../src/index.js'
import { buildApp, factOf } from '../build-app.js'
import { type OrdersClient, prismaOver } from './prisma-client.js'
import { endedOnes, queriesOf, rejected, told } from './requests.js'

const LOG = { log: [{ emit: 'event', level: 'query' }] }

let database: PostgresDatabase

beforeAll(async () => {
  database = await PostgresDatabase.create()
  await database.admin(
    'CREATE TABLE "Order" (id int PRIMARY KEY, name text); INSERT INTO "Order" SELECT i FROM generate_series(1, 5) i',
  )
})
afterAll(() => database.remove())

function poolOf(): pg.Pool {
  const pool = new pg.Pool({ connectionString: database.url(), max: 2 })
  onTestFinished(() => pool.end())
  return pool
}

function clientOf(pool: pg.Pool, options: object = {}): OrdersClient {
  const client = prismaOver(pool, options)
  onTestFinished(() => client.$disconnect())
  return client
}

async function work(client: OrdersClient): Promise<void> {
  await client.order.findMany({ where: { name: { not: 'canary' } } })
  await client.$transaction([client.order.count(), client.order.findFirst()])
  await client.$transaction(async (inner) => {
    await inner.order.findUnique({ where: { id: 1 } })
  })
  await rejected(client.order.create({ data: { id: 1, name: 'canary' } }))
}

test('over a pool that is observed, its queries are noted with rows, transactions and errors', async () => {
  const client = clientOf(observePg(poolOf()))
  const fact = await queriesOf(() => work(client))
  const kept = (told(fact) as [string, number | null, string | null][]).filter(
    ([text]) => text !== 'pool.connect()',
  )
  expect(kept.map(([text, rows, error]) => [text.split(' ')[0], rows, error])).toEqual([
    ['SELECT', 0, null],
    ['BEGIN', null, null],
    ['SELECT', 1, null],
    ['SELECT', 1, null],
    ['COMMIT', null, null],
    ['BEGIN', null, null],
    ['SELECT', 1, null],
    ['COMMIT', null, null],
    ['INSERT', null, '23505'],
  ])
  expect(JSON.stringify(fact)).not.toContain('canary')
})

test('by its own events, once however often it is observed; without what fails', async () => {
  const client = clientOf(poolOf(), LOG)
  expect(observePrisma(observePrisma(client))).toBe(client)
  const fact = await queriesOf(() => work(client))
  expect(told(fact).map((run) => String((run as unknown[])[0]).split(' ')[0])).toEqual([
    'SELECT',
    'SELECT',
    'SELECT',
    'COMMIT',
    'SELECT',
    'COMMIT',
  ])
  expect(endedOnes(fact)).toHaveLength(6)
  expect(fact.statements.every(({ system }) => system === 'postgresql')).toBe(true)
  expect(JSON.stringify(fact)).not.toContain('canary')
})

test.each(['observePg', 'observePrisma'])(
  '%s: of 50 requests at once, none has a query of another',
  async (how) => {
    const pool = poolOf()
    const client = clientOf(how === 'observePg' ? observePg(pool) : pool, LOG)
    if (how === 'observePrisma') observePrisma(client)
    const { app } = await buildApp()
    const counts: (number | undefined)[] = []
    app.get('/:id', async (request) => {
      await client.order.findMany({ where: { id: 1 } })
      await client.$transaction([client.order.count()])
      const texts = factOf(request)?.statements.map(({ text }) => text) ?? []
      counts.push(texts.filter((text) => /^SELECT/.test(text)).length)
      return 'done'
    })
    await Promise.all(Array.from({ length: 50 }, (_, id) => app.inject(`/${id}`)))
    expect(counts).toEqual(Array.from({ length: 50 }, () => 2))
  },
)

test('what Prisma asks at once for several requests is noted once, for the first of them', async () => {
  const client = clientOf(observePg(poolOf()))
  await client.order.count()
  const { app } = await buildApp()
  const counts: (number | undefined)[] = []
  let goOn = () => {}
  const bothAreThere = new Promise<void>((resolve) => {
    goOn = resolve
  })
  app.get<{ Params: { id: string } }>('/:id', async (request) => {
    if (request.params.id === '2') goOn()
    await bothAreThere
    await client.order.findUnique({ where: { id: Number(request.params.id) } })
    counts[Number(request.params.id)] = factOf(request)?.count
    return 'done'
  })
  await Promise.all([app.inject('/1'), app.inject('/2')])
  expect(counts.slice(1)).toEqual([1, undefined])
})

test('refuses a client that does not tell of queries, and what is none', () => {
  for (const wrong of [clientOf(poolOf()), null, {}]) {
    expect(() => observePrisma(wrong as OrdersClient)).toThrow(
      expect.objectContaining({ code: 'SCS_QUERY_LOG_ERR_NOT_OBSERVABLE' }),
    )
  }
})
