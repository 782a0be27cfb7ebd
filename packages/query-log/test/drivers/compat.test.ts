import { Command, Redis } from 'ioredis'
import createKnex from 'knex'
import pg from 'pg'
import { expect, it, onTestFinished } from 'vitest'
import { type IoredisShape, observeIoredisClient } from '../../src/drivers/compat-ioredis.js'
import { type KnexClient, observeKnexClient } from '../../src/drivers/compat-knex.js'
import { clientsOf, isNative, notesOf, observeClient } from '../../src/drivers/compat-pg.js'
import { providerOf, tellsOfQueries } from '../../src/drivers/compat-prisma.js'
import { prismaOver } from './prisma-client.js'

/* What these files lean on is there in the versions that are installed; what is noted by it is tested on databases. */

it("pg's client has its queue of queries, and its pool tells its clients and that they are not native", () => {
  const client = new pg.Client()
  expect(observeClient(client)).toBe(true)
  expect(notesOf(client)).toEqual({ next: undefined })
  expect(pg.Query.prototype).toMatchObject({
    handleReadyForQuery: expect.any(Function),
    handleError: expect.any(Function),
  })
  const pool = new pg.Pool()
  expect(pool).toHaveProperty('_clients', [])
  expect(clientsOf(pool)).toEqual([])
  expect(isNative(pool)).toBe(false)
})

it('a client whose queue has its name from before pg 8.16 is observed, one without a queue is refused', () => {
  expect(observeClient({ queryQueue: [] })).toBe(true)
  expect(observeClient({})).toBe(false)
})

it("ioredis's commands have a name, arguments and what settles them, and pass sendCommand of their client", async () => {
  const redis = new Redis({ lazyConnect: true })
  const command = new Command('get', ['a:b'])
  expect(command).toMatchObject({
    name: 'get',
    args: ['a:b'],
    resolve: expect.any(Function),
    reject: expect.any(Function),
  })
  observeIoredisClient(redis as unknown as IoredisShape)
  const passed: unknown[] = []
  const { sendCommand } = redis
  redis.sendCommand = (sent) => {
    passed.push(sent.name)
    return sendCommand.call(redis, sent)
  }
  redis.disconnect()
  await redis.get('a').catch(() => {})
  expect(passed).toEqual(['get'])
  expect(Object.keys(redis)).not.toContain('connect')
})

it("knex's client has what each statement goes through, and is observed once", () => {
  const knex = createKnex({
    client: 'better-sqlite3',
    connection: { filename: ':memory:' },
    useNullAsDefault: true,
  })
  onTestFinished(() => knex.destroy())
  const client = knex.client as KnexClient
  expect(observeKnexClient(client)).toBe(true)
  const { _query } = client
  expect(observeKnexClient(client)).toBe(true)
  expect(client._query).toBe(_query)
  expect(observeKnexClient({} as KnexClient)).toBe(false)
})

it('a client of Prisma tells its kind of database and whether it tells of queries', () => {
  const pool = new pg.Pool()
  const told = prismaOver(pool, { log: [{ emit: 'event', level: 'query' }] })
  expect(told).toHaveProperty('_engineConfig.logQueries', true)
  expect(tellsOfQueries(told)).toBe(true)
  expect(tellsOfQueries(prismaOver(pool))).toBe(false)
  expect(providerOf(told)).toBe('postgresql')
  // What is gone in another version does no harm.
  expect([tellsOfQueries({}), providerOf({})]).toEqual([true, 'other_sql'])
})
