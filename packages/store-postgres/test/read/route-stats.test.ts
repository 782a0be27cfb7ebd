import { DurationHistogram, type StoreRecord } from '@fastify-scs/core/kit'
import { type RouteFigures, type RouteStatsQuery, RouteStatsSum } from '@fastify-scs/store/adapter'
import { CheckedAdapter, sample } from '@fastify-scs/store/contract'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PostgresStore } from '../../src/index.js'
import { PostgresDatabase } from '../postgres-server.js'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
/** Not the beginning of an hour. */
const FROM = Date.UTC(2026, 2, 1, 21, 7)

let server: PostgresDatabase
let store: CheckedAdapter
let minutes: readonly StoreRecord[]

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

/** Seven routes of two instances, four hours that go past midnight. */
function makeMinutes(): readonly StoreRecord[] {
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
]

for (const query of queries) {
  const { from, to, ...asked } = query
  it(`the server merges ${(to - from) / MINUTE_MS} minutes for ${JSON.stringify(asked)} as one histogram would`, async () => {
    expect(await store.routeStats(query)).toEqual(expected(query))
  })
}
