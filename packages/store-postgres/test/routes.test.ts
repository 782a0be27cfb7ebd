import { DurationHistogram, type StoreRecord } from '@fastify-scs/core/kit'
import { type RouteFigures, type RouteStatsQuery, RouteStatsSum } from '@fastify-scs/store/adapter'
import { CheckedAdapter, sample } from '@fastify-scs/store/contract'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PostgresStore } from '../src/index.js'
import { reopenHours } from '../src/routes/hours.js'
import { PostgresDatabase } from './postgres-server.js'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
/** Past hours, not from the beginning of one. */
const FROM = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 9 * HOUR_MS + 7 * MINUTE_MS
/** The beginning of the first whole hour. */
const HOUR = FROM + 53 * MINUTE_MS

let server: PostgresDatabase
let store: CheckedAdapter
let minutes: StoreRecord[]

beforeAll(async () => {
  server = await PostgresDatabase.create()
  store = new CheckedAdapter(new PostgresStore(server.url()))
  await store.open()
  minutes = makeMinutes()
  await store.insert(minutes)
}, 60_000)

afterAll(async () => {
  await store?.close()
  await server?.remove()
})

/** Seven routes of two instances, four hours. */
function makeMinutes(): StoreRecord[] {
  const random = seeded(7)
  return Array.from({ length: 4 * 60 * 14 }, (_, index) => {
    const route = `GET /route-${index % 7}`
    const calls = Math.floor(random() * 20)
    const durations = new DurationHistogram()
    let sumMs = 0
    let minMs = calls === 0 ? 0 : Number.POSITIVE_INFINITY
    let maxMs = 0
    for (let call = 0; call < calls; call++) {
      // In eighths, so that sums are exact in whatever order they are made.
      const ms = Math.floor(random() ** 3 * 8_000 * ((index % 7) + 1)) / 8
      durations.record(ms)
      sumMs += ms
      minMs = Math.min(minMs, ms)
      maxMs = Math.max(maxMs, ms)
    }
    const counts = { failed: index % 3, slow: index % 5, stuck: index % 2, aborted: index % 4 }
    return sample({
      kind: 'route_stats',
      createdAt: FROM + Math.floor(index / 14) * MINUTE_MS,
      keys: { route, service: index % 2 === 0 ? 'shop' : 'depot' },
      data: {
        instance: String(index % 2),
        calls,
        ...counts,
        sumMs,
        minMs,
        maxMs,
        buckets: durations.toBuckets(),
      },
    })
  })
}

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}

/** What the rule of all stores makes of the same minutes. */
function expected(query: RouteStatsQuery): readonly RouteFigures[] {
  const sum = new RouteStatsSum(query)
  for (const { createdAt, keys, data } of minutes) {
    if (createdAt < query.from || createdAt >= query.to) continue
    if (query.route !== undefined && query.route !== keys.route) continue
    if (query.service !== undefined && query.service !== keys.service) continue
    sum.add(keys.route ?? '', createdAt, data as Parameters<RouteStatsSum['add']>[2])
  }
  return sum.routes()
}

const WHOLE = { from: FROM, to: FROM + 4 * HOUR_MS }

const queries: readonly RouteStatsQuery[] = [
  WHOLE,
  { ...WHOLE, order: 'calls' },
  { ...WHOLE, order: 'failed', limit: 3 },
  { ...WHOLE, order: 'slow', service: 'shop' },
  { ...WHOLE, limit: 2 },
  { ...WHOLE, route: 'GET /route-3', bucketMs: 15 * MINUTE_MS },
  { ...WHOLE, bucketMs: HOUR_MS, order: 'calls' },
  { from: FROM + 90 * MINUTE_MS, to: FROM + 91 * MINUTE_MS, bucketMs: MINUTE_MS },
  { from: FROM + 3 * MINUTE_MS, to: FROM + 3 * HOUR_MS + MINUTE_MS },
  { ...WHOLE, route: 'GET /nowhere' },
  { from: HOUR, to: HOUR + 3 * HOUR_MS },
  { from: HOUR, to: HOUR + 3 * HOUR_MS, bucketMs: HOUR_MS, service: 'depot' },
  { from: HOUR, to: HOUR + 2 * HOUR_MS + 1, bucketMs: 2 * HOUR_MS },
  { from: HOUR - 1, to: HOUR + 2 * HOUR_MS, bucketMs: HOUR_MS },
]

for (const query of queries) {
  const { from, to, ...asked } = query
  it(`the server merges ${(to - from) / MINUTE_MS} minutes for ${JSON.stringify(asked)} as one histogram would`, async () => {
    expect(await store.routeStats(query)).toEqual(expected(query))
  })
}

it('pruning merges hours that are over, and what is asked for stays the same', async () => {
  await remerge()
  expect(await mergedHours()).toHaveLength(5)
  for (const query of queries) expect(await store.routeStats(query)).toEqual(expected(query))
})

it('merged hours are what is read, so that a day costs a few rows of each route', async () => {
  await remerge()
  await server.admin(`UPDATE scs.route_hour_calls SET data = '{"failed":7,"buckets":[]}'
    WHERE hour = to_timestamp(${HOUR / 1000})`)
  const [first] = await store.routeStats({ from: HOUR, to: HOUR + HOUR_MS, route: 'GET /route-3' })
  expect(first).toMatchObject({ calls: 0, failed: 14 })
  await server.admin('DELETE FROM scs.route_hours')
})

it('a minute that arrives late, or again, is counted once', async () => {
  await remerge()
  const [first] = minutes
  const id = '0195d1f0-0000-7000-8000-000000000000'
  const late = sample({ ...first, id, createdAt: HOUR + MINUTE_MS })
  await store.insert([late])
  minutes.push(late)
  expect(await mergedHours()).toHaveLength(4)
  for (const query of queries) expect(await store.routeStats(query)).toEqual(expected(query))
  await server.admin(`DELETE FROM scs.route_hours`)
  await store.insert(minutes.slice(0, -1))
  for (const query of queries) expect(await store.routeStats(query)).toEqual(expected(query))
})

it('who merges an hour waits for nobody, and leaves out one that is being written', async () => {
  await remerge()
  const before = await mergedHours()
  const writer = new pg.Client({ connectionString: server.url() })
  await writer.connect()
  try {
    await writer.query('BEGIN')
    const [lock, reopen] = reopenHours('"scs"', 'route_stats', [{ createdAt: HOUR }])
    for (const { text, values } of [lock, reopen].flatMap((statement) => statement ?? []))
      await writer.query(text, [...values])
    await server.admin(`DELETE FROM scs.route_hours WHERE hour <> to_timestamp(${HOUR / 1000})`)
    await remerge()
    expect(await mergedHours()).toEqual(before)
    await writer.query('COMMIT')
    expect(await mergedHours()).toEqual(before.filter((hour) => hour !== HOUR))
    await remerge()
    expect(await mergedHours()).toEqual(before)
  } finally {
    await writer.end()
  }
})

it('minutes that are removed are no longer counted, in a merged hour neither', async () => {
  await remerge()
  const olderThan = HOUR + 90 * MINUTE_MS
  await store.prune({ olderThan, kind: 'route_stats' })
  minutes = minutes.filter(({ createdAt }) => createdAt >= olderThan)
  for (const query of queries) expect(await store.routeStats(query)).toEqual(expected(query))
  await remerge()
  for (const query of queries) expect(await store.routeStats(query)).toEqual(expected(query))
})

it('an hour with a minute that cannot be read is not merged, and pruning goes on', async () => {
  await remerge()
  const broken = sample({
    kind: 'route_stats',
    createdAt: HOUR + 2 * HOUR_MS,
    keys: { route: 'GET /broken' },
    data: { failed: 'many' },
  })
  await store.insert([broken])
  const old = sample({ kind: 'reports', createdAt: 1 })
  await store.insert([old])
  const before = await mergedHours()
  const next = new CheckedAdapter(new PostgresStore(server.url()))
  try {
    await next.open()
    expect(await next.prune({ olderThan: 2 })).toBe(1)
  } finally {
    await next.close()
  }
  expect(await mergedHours()).toEqual(before)
  await server.admin('DELETE FROM scs.route_stats WHERE id = $1', [broken.id])
  await remerge()
  expect(await mergedHours()).toHaveLength(before.length + 1)
})

/** Merges as the next start would; a store that is open does it once an hour. */
async function remerge(): Promise<void> {
  const next = new CheckedAdapter(new PostgresStore(server.url()))
  try {
    await next.open()
    await next.prune({})
  } finally {
    await next.close()
  }
}

async function mergedHours(): Promise<readonly unknown[]> {
  const rows = await server.admin(
    'SELECT extract(epoch FROM hour)::float8 * 1000 AS hour FROM scs.route_hours ORDER BY 1',
  )
  return rows.map(({ hour }) => hour)
}
