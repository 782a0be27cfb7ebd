import type { RouteMinute, StoreRecord } from '@fastify-scs/core/kit'
import { expect, it } from 'vitest'
import { MAX_OWN_RECORDS, OTHER_ROUTES, RouteMinutes } from '../src/route-minutes.js'
import { WatchedRoutes } from '../src/routes.js'
import type { WatchedRoute } from '../src/watched-route.js'

const START = Date.parse('2027-01-01T10:00:00Z')
const MINUTE_MS = 60_000

interface Minutes {
  readonly minutes: RouteMinutes
  readonly written: StoreRecord[]
  add(url: string): WatchedRoute
}

function build(startMs: number = START + 1_000): Minutes {
  const written: StoreRecord[] = []
  const routes = new WatchedRoutes((error) => {
    throw error
  })
  const store = { write: (record: StoreRecord) => void written.push(record) }
  const names = { service: 'orders', instance: 'a' }
  const minutes = new RouteMinutes(store, routes, names, startMs)
  const add = (url: string): WatchedRoute => routes.add({ method: 'GET', url } as never)
  return { minutes, written, add }
}

function dataOf(record: StoreRecord | undefined): RouteMinute {
  return record?.data as RouteMinute
}

it('a minute is written when it is over, one record for each route that was called in it', () => {
  const { minutes, written, add } = build()
  const [orders] = [add('/orders/:id'), add('/never')]
  for (const ms of [1, 3]) orders.histogram.record(ms)
  orders.failed++
  minutes.tick(START + MINUTE_MS - 1)
  expect(written).toEqual([])
  minutes.tick(START + MINUTE_MS)
  expect(written).toMatchObject([
    {
      kind: 'route_stats',
      createdAt: START,
      revision: 0,
      keys: { service: 'orders', route: 'GET /orders/:id' },
      importance: 'low',
    },
  ])
  const { buckets, ...counts } = dataOf(written[0])
  const others = { failed: 1, slow: 0, stuck: 0, aborted: 0 }
  expect(counts).toEqual({ instance: 'a', calls: 2, ...others, sumMs: 4, minMs: 1, maxMs: 3 })
  expect(buckets).toHaveLength(4)
  expect(written[0]?.keys).not.toHaveProperty('durationMs')
})

it('the next minute has only what was counted since, and a minute without calls has no record', () => {
  const { minutes, written, add } = build()
  const route = add('/')
  route.histogram.record(100)
  minutes.tick(START + MINUTE_MS)
  minutes.tick(START + 2 * MINUTE_MS)
  route.histogram.record(5)
  route.slow++
  minutes.tick(START + 3 * MINUTE_MS)
  expect(written.map(({ createdAt }) => createdAt)).toEqual([START, START + 2 * MINUTE_MS])
  expect(dataOf(written[1])).toMatchObject({ calls: 1, slow: 1, minMs: 5, maxMs: 5, sumMs: 5 })
  expect(route.stats()).toMatchObject({ calls: 2, durations: { maxMs: 100, minMs: 5 } })
})

it('a minute in which calls were only stuck or aborted is written as well', () => {
  const { minutes, written, add } = build()
  const route = add('/')
  route.stuck++
  route.aborted++
  minutes.tick(START + MINUTE_MS)
  const none = { calls: 0, buckets: [], sumMs: 0, minMs: 0, maxMs: 0 }
  expect(dataOf(written[0])).toMatchObject({ ...none, stuck: 1, aborted: 1 })
})

it('a clock that is set back begins another minute', () => {
  const { minutes, written, add } = build()
  const route = add('/')
  route.histogram.record(1)
  minutes.tick(START - MINUTE_MS)
  route.histogram.record(1)
  minutes.tick(START)
  expect(written.map(({ createdAt }) => createdAt)).toEqual([START, START - MINUTE_MS])
})

it('of 10,000 routes the most important have records of their own, and the rest is one', () => {
  const { minutes, written, add } = build()
  const routes = Array.from({ length: 10_000 }, (_, at) => add(`/${at}`))
  for (const [at, route] of routes.entries()) {
    for (let call = 0; call <= at % 3; call++) route.histogram.record(at / 100)
  }
  const failed = routes[0]
  if (failed !== undefined) failed.failed = 1
  minutes.tick(START + MINUTE_MS)
  expect(written).toHaveLength(MAX_OWN_RECORDS + 1)
  expect(written[0]?.keys.route).toBe('GET /0')
  expect(written.slice(1, -1).every((record) => dataOf(record).calls === 3)).toBe(true)
  expect(written.at(-1)?.keys.route).toBe(OTHER_ROUTES)
  const total = written.reduce((sum, record) => sum + dataOf(record).calls, 0)
  expect(total).toBe(routes.reduce((sum, route) => sum + route.stats().calls, 0))
})

it('all unknown routes are one, without a method', () => {
  const written: StoreRecord[] = []
  const routes = new WatchedRoutes(() => undefined)
  routes.of({ method: 'GET', routeOptions: { config: {} } } as never).histogram.record(1)
  const store = { write: (record: StoreRecord) => void written.push(record) }
  new RouteMinutes(store, routes, { service: 'orders', instance: 'a' }).writeNow()
  expect(written.map(({ keys }) => keys.route)).toEqual(['(unknown route)'])
})
