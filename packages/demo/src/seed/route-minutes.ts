import { DurationHistogram, type RouteMinute, type StoreRecord } from '@fastify-scs/core/kit'
import { ROUTES, routeKey, type SeedRoute } from './routes.js'
import type { SeededRandom } from './seeded-random.js'
import { HOUR_MS, INSTANCES, MINUTE_MS, releaseAt, trafficAt } from './setting.js'

/** Durations that are drawn for a row; each stands for a share of its calls. */
const DRAWN_DURATIONS = 12

/**
 * The statistics of routes in one hour, as slow-call writes them each minute. Those of an hour that is long past stand for several
 * minutes each, which keeps the seed quick.
 */
export function* routeMinutes(
  random: SeededRandom,
  from: number,
  to: number,
  now: number,
): Generator<StoreRecord> {
  const hoursAgo = (now - from) / HOUR_MS
  const stepMs = hoursAgo < 3 ? MINUTE_MS : hoursAgo < 27 ? 10 * MINUTE_MS : 30 * MINUTE_MS
  for (let at = from; at < to; at += stepMs) {
    for (const route of Object.values(ROUTES)) {
      const minutes = Math.min(stepMs, to - at) / MINUTE_MS
      const calls = random.around(route.callsPerMinute * minutes * trafficAt(at))
      if (calls === 0) continue
      yield minuteRecord(random, route, at, calls, releaseAt((now - at) / HOUR_MS))
    }
  }
}

function minuteRecord(
  random: SeededRandom,
  route: SeedRoute,
  at: number,
  calls: number,
  release: string,
): StoreRecord {
  const durations = new DurationHistogram()
  const drawn = Math.min(calls, DRAWN_DURATIONS)
  let slow = 0
  // The look-up of customers has been slower since 1.4.0.
  const isSlower = release === '1.4.0' && route === ROUTES.customer
  for (let index = 0; index < drawn; index++) {
    const durationMs = random.latencyMs(route.medianMs * (isSlower ? 3 : 1))
    const share = Math.floor((calls + index) / drawn)
    for (let count = 0; count < share; count++) durations.record(durationMs)
    if (durationMs > route.limitMs) slow += share
  }
  const { minMs, maxMs, meanMs } = durations.summary()
  const minute: RouteMinute = {
    instance: random.pick(INSTANCES),
    calls,
    failed: random.isBelow(0.06) ? random.whole(1, Math.ceil(calls / 50)) : 0,
    slow,
    stuck: 0,
    aborted: random.isBelow(0.03) ? 1 : 0,
    sumMs: meanMs * durations.count,
    minMs,
    maxMs,
    buckets: durations.toBuckets(),
  }
  return {
    kind: 'route_stats',
    id: random.idAt(at),
    createdAt: at,
    revision: 0,
    keys: { service: 'orders', route: routeKey(route), release },
    data: minute,
    importance: 'low',
  }
}
