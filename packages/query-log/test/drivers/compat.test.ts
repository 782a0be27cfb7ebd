import knex from 'knex'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { type KnexClient, observeKnexClient } from '../../src/drivers/compat-knex.js'
import { clientsOf, isNative, notesOf, observeClient } from '../../src/drivers/compat-pg.js'
import { providerOf, tellsOfQueries } from '../../src/drivers/compat-prisma.js'
import { prismaOver } from './prisma-client.js'

test('pg has what is used of it: the queue of a client, the end of a query, the clients and the promise of a pool', () => {
  const client = new pg.Client()
  expect(observeClient(client)).toBe(true)
  expect(notesOf(client)).toEqual({ next: undefined })
  expect(pg.Query.prototype).toMatchObject({
    handleReadyForQuery: expect.any(Function),
    handleError: expect.any(Function),
  })
  expect(new pg.Query('SELECT 1')).toMatchObject({
    _results: expect.anything(),
    _canceledDueToError: false,
  })
  const pool = new pg.Pool()
  expect(pool).toMatchObject({ _clients: [], Promise })
  expect(clientsOf(pool)).toEqual([])
  expect(isNative(pool)).toBe(false)
})

test('a queue of queries is found by the name that it had before pg 8.16, and nothing is done without one', () => {
  expect(observeClient({ queryQueue: [] })).toBe(true)
  expect(observeClient({})).toBe(false)
  expect(clientsOf({})).toEqual([])
})

test('knex has what is used of its client; one that has it not is refused', () => {
  const db = knex({ client: 'better-sqlite3', connection: ':memory:', useNullAsDefault: true })
  onTestFinished(() => db.destroy())
  expect(db.client.pool.numFree()).toBe(0)
  expect(observeKnexClient(db.client)).toBe(true)
  expect(observeKnexClient({} as KnexClient)).toBe(false)
})

test('Prisma says whether it tells of queries, and which database it is for', () => {
  const pool = new pg.Pool()
  const telling = prismaOver(pool, { log: [{ emit: 'event', level: 'query' }] })
  expect([tellsOfQueries(telling), providerOf(telling)]).toEqual([true, 'postgresql'])
  expect(tellsOfQueries(prismaOver(pool))).toBe(false)
  expect([tellsOfQueries({}), providerOf({})]).toEqual([true, 'other_sql'])
})
