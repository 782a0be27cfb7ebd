import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RecordFilter, resolveFilter, type TallyField } from '@fastify-scs/store'
import { CheckedAdapter } from '@fastify-scs/store/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chooseDriver } from '../../src/driver/choose-driver.js'
import type { Connection } from '../../src/driver/driver.js'
import { SqliteStore } from '../../src/index.js'
import { chooseCounting, chooseWay } from '../../src/reader/choose-way.js'

const folder = mkdtempSync(join(tmpdir(), 'scs-sqlite-'))
let connection: Connection

// Half of the calls are those of one service, all were completed, and a few have what others do not.
beforeAll(async () => {
  const path = join(folder, 'scs.db')
  const store = new CheckedAdapter(new SqliteStore({ path }))
  await store.open()
  await store.close()
  connection = chooseDriver(undefined).open(path, { isReadOnly: false })
  connection.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 40000)
    INSERT INTO integration_requests (id, created_at, revision, service, status, user, request_id, data)
    SELECT printf('%d', i), i, 0, iif(i % 2, 'much', iif(i % 200, 'more', 'rare')), 'Completed',
      iif(i % 400, 'ada', 'bob'), i, '{}' FROM n;
    INSERT INTO integration_requests_origin (record, made_at, route, release)
    SELECT rowid, created_at, iif(rowid % 100, 'GET /', 'GET /rare'), '1.0.0' FROM integration_requests`)
})

afterAll(() => {
  connection.close()
  rmSync(folder, { recursive: true, force: true })
})

function wayOf(filter: RecordFilter): string | undefined {
  return chooseWay(connection, 'integration_requests', resolveFilter(filter))
}

describe('a search goes along', () => {
  it.each<[string | undefined, RecordFilter]>([
    [undefined, {}],
    [undefined, { from: 1 }],
    [undefined, { method: 'POST' }],
    [undefined, { status: ['a', 'b'] }],
    ['service', { service: 'much' }],
    ['service', { service: 'much', from: 1 }],
    ['service', { service: 'much', method: 'POST' }],
    ['route', { route: 'GET /' }],
    ['release', { release: '1.0.0' }],
  ])('%j the only key that has an index: %j', (way, filter) => expect(wayOf(filter)).toBe(way))

  it.each<[string, RecordFilter]>([
    ['service', { service: 'rare', status: 'Completed' }],
    ['user', { user: 'bob', service: 'much' }],
    ['service', { user: 'ada', service: 'rare' }],
    ['route', { user: 'ada', route: 'GET /rare' }],
    ['user', { user: 'bob', route: 'GET /' }],
    ['service', { route: 'GET /', service: 'rare' }],
    ['requestId', { requestId: '7', service: 'much' }],
    ['status', { status: 'nothing', route: 'GET /' }],
    ['service', { service: 'much', status: 'Completed', from: 39_000 }],
  ])('%s, which the fewest records have: %j', (way, filter) => expect(wayOf(filter)).toBe(way))

  it.each<RecordFilter>([
    { service: 'much', status: 'Completed' },
    { service: 'much', status: ['a', 'b'] },
    { service: 'much', statusNot: 'Completed' },
    { service: 'much', statusCode: { from: 500 } },
  ])('the time, where many records have each key, and its index tells of them: %j', (filter) =>
    expect(wayOf(filter)).toBe('time'),
  )

  it.each<[string, RecordFilter]>([
    ['user', { user: 'ada', service: 'much' }],
    ['user', { user: 'ada', route: 'GET /' }],
    ['release', { release: '1.0.0', status: 'Completed' }],
    ['traceId', { user: 'bob', traceId: 'a' }],
    ['key', { service: 'rare', key: 'a' }],
  ])('%s, which ranks first, where nothing better is known: %j', (way, filter) =>
    expect(wayOf(filter)).toBe(way),
  )
})

describe('all records are counted along', () => {
  it.each<[string, RecordFilter, TallyField | undefined]>([
    ['time', {}, undefined],
    ['time', { from: 1 }, 'user'],
    ['time', { status: 'Completed' }, undefined],
    ['time', { status: 'Completed' }, 'service'],
    ['time', { service: 'much', status: 'Completed' }, 'statusCode'],
    ['service', { service: 'rare' }, 'status'],
    ['service', { service: 'much', from: 39_000 }, undefined],
    ['status', { status: 'nothing' }, 'service'],
    ['status', { status: 'Completed' }, 'user'],
    ['user', { user: 'ada' }, 'status'],
    ['route', { route: 'GET /' }, 'status'],
  ])('%s: %j by %j', (way, filter, by) =>
    expect(chooseCounting(connection, 'integration_requests', resolveFilter(filter), by)).toBe(way),
  )

  it.each<[string, RecordFilter]>([
    ['time', { service: 'rare' }],
    ['route', { service: 'rare', route: 'GET /rare' }],
  ])('%s, of the minutes of routes, which have no other index: %j', (way, filter) =>
    expect(chooseCounting(connection, 'route_stats', resolveFilter(filter), undefined)).toBe(way),
  )
})
