import createKnex from 'knex'
import pg from 'pg'
import { expect, it, onTestFinished } from 'vitest'
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

it('a client without its queue is refused', () => {
  expect(observeClient({})).toBe(false)
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
