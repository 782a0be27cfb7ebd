import assert from 'node:assert/strict'
import { DurationHistogram, type RouteMinute, type StoreRecord } from '@fastify-scs/core/kit'
import type { RouteFigures, RouteStatsQuery } from '../port.js'
import { asFound, assertRejects, NOON, type Requirement, sample } from './subject.js'

const MINUTE_MS = 60_000
const SPAN = { from: NOON, to: NOON + 60 * MINUTE_MS }

/** What holds for `routeStats` and the records that it sums up. */
export const routing: readonly Requirement[] = [
  {
    name: 'the calls of routes are kept and found as any record is',
    async check({ store }) {
      const record = minuteOf('GET /a', NOON, [1, 2])
      await store.insert([record])
      assert.deepEqual(await store.get('route_stats', record.id), asFound(record))
      const { items } = await store.find('route_stats', { route: 'GET /a', from: NOON })
      assert.deepEqual(items, [asFound(record)])
    },
  },
  {
    name: 'the figures of a route are those of one histogram that had recorded all its calls',
    async check({ store }) {
      const whole = new DurationHistogram()
      const records: StoreRecord[] = []
      for (let minute = 0; minute < 60; minute++) {
        for (const instance of ['one', 'two']) {
          const durations = Array.from({ length: 1 + (minute % 7) }, (_, call) => {
            return 2 ** ((minute * 7 + call * 5) % 20) / (instance === 'one' ? 1 : 2)
          })
          for (const durationMs of durations) whole.record(durationMs)
          records.push(minuteOf('GET /a', NOON + minute * MINUTE_MS, durations, { instance }))
        }
      }
      await store.insert([...records, minuteOf('GET /b', NOON, [1])])
      const [figures] = await store.routeStats({ ...SPAN, route: 'GET /a' })
      const { count, p90Ms: _, ...summary } = whole.summary()
      assert.ok(figures !== undefined && count > 400)
      const { route, over, meanMs, ...rest } = figures
      assert.deepEqual([route, over], ['GET /a', []])
      const { meanMs: expectedMeanMs, ...expected } = summary
      assert.deepEqual(rest, { ...expected, calls: count, ...NOTHING_ELSE })
      // Databases add up fractions in an order of their own.
      assert.ok(Math.abs(meanMs - expectedMeanMs) < 0.001 * expectedMeanMs, `${meanMs} ms`)
    },
  },
  {
    name: 'what became of calls is added up',
    async check({ store }) {
      const given = { failed: 1, slow: 2, stuck: 3, aborted: 4 }
      await store.insert([
        minuteOf('GET /a', NOON, [8, 8, 8, 8], given),
        minuteOf('GET /a', NOON, [16], { instance: 'other', failed: 1 }),
        minuteOf('GET /a', NOON + MINUTE_MS, [2, 2]),
      ])
      const [{ calls, failed, slow, stuck, aborted, minMs, maxMs, meanMs } = NO_FIGURES] =
        await store.routeStats(SPAN)
      assert.deepEqual([calls, failed, slow, stuck, aborted], [7, 2, 2, 3, 4])
      assert.deepEqual([minMs, maxMs, meanMs.toFixed(6)], [2, 16, (52 / 7).toFixed(6)])
    },
  },
  {
    name: 'the calls of a route by time come in spans of a width, oldest first, those without calls left out',
    async check({ store }) {
      const minutes = [0, 1, 4, 5, 6, 59]
      await store.insert(
        minutes.map((minute) => minuteOf('GET /a', NOON + minute * MINUTE_MS, [2 ** minute % 64])),
      )
      const over = async (query: Partial<RouteStatsQuery>) => {
        const [figures] = await store.routeStats({ ...SPAN, bucketMs: 5 * MINUTE_MS, ...query })
        return figures?.over.map(({ at, calls }) => [(at - NOON) / MINUTE_MS, calls])
      }
      assert.deepEqual(await over({}), [
        [0, 3],
        [5, 2],
        [55, 1],
      ])
      assert.deepEqual(await over({ from: NOON + MINUTE_MS, to: NOON + 6 * MINUTE_MS }), [[1, 3]])
      const [figures] = await store.routeStats({ ...SPAN, bucketMs: 60 * MINUTE_MS })
      assert.ok(figures !== undefined)
      const { route: _route, over: spans, ...whole } = figures
      assert.deepEqual(spans, [{ at: NOON, ...whole }])
    },
  },
  {
    name: 'routes come in the order that is asked for, as many as are asked for',
    async check({ store }) {
      await store.insert([
        minuteOf('GET /calls', NOON, [1, 1, 1, 1]),
        minuteOf('GET /p95', NOON, [900]),
        minuteOf('GET /failed', NOON, [1, 2], { failed: 2 }),
        minuteOf('GET /slow', NOON, [1, 1, 3], { slow: 3 }),
        minuteOf('GET /B', NOON, [1]),
        minuteOf('GET /b', NOON, [1]),
      ])
      const routesOf = async (query: Partial<RouteStatsQuery>) => {
        const found = await store.routeStats({ ...SPAN, ...query })
        return found.map(({ route }) => route.slice('GET /'.length))
      }
      assert.deepEqual(await routesOf({}), ['p95', 'slow', 'failed', 'B', 'b', 'calls'])
      assert.deepEqual(await routesOf({ order: 'p95', limit: 1 }), ['p95'])
      const byCalls = ['calls', 'slow', 'failed', 'B', 'b', 'p95']
      assert.deepEqual(await routesOf({ order: 'calls' }), byCalls)
      assert.deepEqual(await routesOf({ order: 'failed', limit: 2 }), ['failed', 'B'])
      assert.deepEqual(await routesOf({ order: 'slow', limit: 1 }), ['slow'])
      const many = Array.from({ length: 60 }, (_, index) => minuteOf(`GET /${index}`, NOON, [1]))
      await store.insert(many)
      assert.equal((await routesOf({})).length, 50)
      assert.equal((await routesOf({ limit: 200 })).length, 66)
    },
  },
  {
    name: 'only calls of the time, the route and the service are summed up',
    async check({ store }) {
      await store.insert([
        minuteOf('GET /a', NOON - 1, [1]),
        minuteOf('GET /a', NOON, [1], {}, 'pay'),
        minuteOf('GET /a', NOON, [1, 1], {}, 'mail'),
        minuteOf('GET /b', SPAN.to - 1, [1, 1, 1], {}, 'pay'),
        minuteOf('GET /b', SPAN.to, [1]),
        sample({ kind: 'route_stats' }),
      ])
      const callsOf = async (query: Partial<RouteStatsQuery>) => {
        const found = await store.routeStats({ ...SPAN, order: 'calls', ...query })
        return found.map(({ route, calls }) => [route, calls])
      }
      const ofB = ['GET /b', 3]
      assert.deepEqual(await callsOf({}), [['GET /a', 3], ofB])
      assert.deepEqual(await callsOf({ service: 'pay' }), [ofB, ['GET /a', 1]])
      assert.deepEqual(await callsOf({ route: 'GET /b' }), [ofB])
      assert.deepEqual(await callsOf({ route: 'GET /a', service: 'mail' }), [['GET /a', 2]])
      assert.deepEqual(await callsOf({ route: 'GET\0' }), [])
    },
  },
  {
    name: 'a wrong query for the calls of routes is refused',
    async check({ store }) {
      const wrong: object[] = [
        { order: 'p50' },
        { limit: 0 },
        { limit: 201 },
        { bucketMs: 59_999 },
        { bucketMs: 60_000.5 },
        { bucketMs: MINUTE_MS, to: NOON + 1_001 * MINUTE_MS },
        { from: undefined },
        { to: NOON - 1 },
        { to: NOON + 32 * 86_400_000 },
        { route: 7 },
        { service: {} },
        { rout: 'GET /a' },
      ]
      for (const given of wrong) {
        const query = { ...SPAN, ...given } as RouteStatsQuery
        await assertRejects(store.routeStats(query), 'SCS_STORE_ERR_FILTER')
      }
    },
  },
]

const NOTHING_ELSE = { failed: 0, slow: 0, stuck: 0, aborted: 0 }
const NO_FIGURES: Partial<RouteFigures> & { readonly meanMs: number } = { meanMs: Number.NaN }

/** One minute of a route, as slow-call writes it. */
function minuteOf(
  route: string,
  createdAt: number,
  durationsMs: readonly number[],
  given: Partial<RouteMinute> = {},
  service?: string,
): StoreRecord {
  const histogram = new DurationHistogram()
  for (const durationMs of durationsMs) histogram.record(durationMs)
  const data: RouteMinute = {
    instance: 'one',
    calls: durationsMs.length,
    ...NOTHING_ELSE,
    sumMs: durationsMs.reduce((sum, durationMs) => sum + durationMs, 0),
    minMs: Math.min(...durationsMs),
    maxMs: Math.max(...durationsMs),
    buckets: histogram.toBuckets(),
    ...given,
  }
  const keys = service === undefined ? { route } : { route, service }
  return sample({ kind: 'route_stats', createdAt, keys, data, importance: 'low' })
}
