import type { DurationBucket } from '@fastify-scs/core/kit'
import type { RouteStats } from './watched-route.js'

/** What a scraper is told of the text's format. */
export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** Routes that have series of their own; the calls of those that are called for the first time later are summed up. */
export const MAX_OWN_SERIES = 1_000

/**
 * Upper bounds of the buckets, in milliseconds: 1.024 ms, and twice as much each time, to 67 s. They are bounds of the histograms too,
 * so that the counts are exact, and the same for all routes, so that a server can add them up.
 */
const BOUNDS_MS: readonly number[] = Array.from(
  { length: 17 },
  (_, power) => (1_024 * 2 ** power) / 1_000,
)

/** Counters, by the field of the stats. */
const COUNTERS = {
  failed: ['requests_failed_total', 'Requests that were answered with 500 or above.'],
  slow: ['requests_slow_total', 'Requests that took longer than their limit.'],
  stuck: ['requests_stuck_total', 'Requests that were stuck.'],
  aborted: ['requests_aborted_total', 'Requests whose client left before the first byte.'],
} as const
const COUNTED = Object.keys(COUNTERS) as (keyof typeof COUNTERS)[]

/** The figures of a series: the calls of one route, or of all those that have no series of their own. */
interface Series {
  readonly labels: string
  readonly calls: number
  readonly sumMs: number
  /** Counts by `BOUNDS_MS`, cumulative. */
  readonly buckets: readonly number[]
  readonly counters: Readonly<Record<keyof typeof COUNTERS, number>>
}

/** Which routes have series of their own. A route keeps what it has, since a counter must not go back. */
export class MetricsText {
  readonly #own = new Set<string>()
  readonly #others = new Set<string>()

  /** The figures in Prometheus' text format 0.0.4. */
  textOf(routes: readonly RouteStats[], inFlight: number): string {
    const own: Series[] = []
    const others: RouteStats[] = []
    for (const route of routes) {
      if (this.#hasOwn(route)) own.push(seriesOf(labelsOf(route.method, route.route), [route]))
      else others.push(route)
    }
    const all =
      others.length === 0 ? own : [...own, seriesOf(labelsOf('*', '(other routes)'), others)]
    return [...durationLines(all), ...counterLines(all), ...gaugeLines(inFlight), ''].join('\n')
  }

  #hasOwn({ method, route }: RouteStats): boolean {
    const name = `${method} ${route}`
    if (this.#own.has(name)) return true
    const isOwn = this.#own.size < MAX_OWN_SERIES && !this.#others.has(name)
    if (isOwn) this.#own.add(name)
    else this.#others.add(name)
    return isOwn
  }
}

function durationLines(all: readonly Series[]): string[] {
  const name = 'scs_http_request_duration_seconds'
  const help =
    'Time from the arrival of a request to the head of its answer, without the wait for its body.'
  const lines = headOf(name, help, 'histogram')
  for (const { labels, buckets, calls, sumMs } of all) {
    for (const [at, boundMs] of BOUNDS_MS.entries()) {
      lines.push(`${name}_bucket{${labels},le="${boundMs / 1_000}"} ${buckets[at]}`)
    }
    lines.push(`${name}_bucket{${labels},le="+Inf"} ${calls}`)
    lines.push(`${name}_sum{${labels}} ${sumMs / 1_000}`, `${name}_count{${labels}} ${calls}`)
  }
  return lines
}

function counterLines(all: readonly Series[]): string[] {
  return COUNTED.flatMap((field) => {
    const [suffix, help] = COUNTERS[field]
    const name = `scs_http_${suffix}`
    const lines = all.map(({ labels, counters }) => `${name}{${labels}} ${counters[field]}`)
    return [...headOf(name, help, 'counter'), ...lines]
  })
}

function gaugeLines(inFlight: number): string[] {
  const name = 'scs_http_requests_in_flight'
  return [...headOf(name, 'Requests without an answer, now.', 'gauge'), `${name} ${inFlight}`]
}

function headOf(name: string, help: string, type: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`]
}

function seriesOf(labels: string, routes: readonly RouteStats[]): Series {
  const buckets = BOUNDS_MS.map(() => 0)
  const counters = { failed: 0, slow: 0, stuck: 0, aborted: 0 }
  let calls = 0
  let sumMs = 0
  for (const { durations, ...counts } of routes) {
    calls += durations.count
    sumMs += durations.meanMs * durations.count
    for (const field of COUNTED) counters[field] += counts[field]
    for (const [at, count] of countsAt(durations.buckets).entries()) {
      buckets[at] = (buckets[at] ?? 0) + count
    }
  }
  return { labels, calls, sumMs, buckets, counters }
}

/** How many calls took at most as long as each bound. */
function countsAt(buckets: readonly DurationBucket[]): number[] {
  let next = 0
  let count = 0
  return BOUNDS_MS.map((boundMs) => {
    for (
      let bucket = buckets[next];
      bucket !== undefined && bucket.leMs <= boundMs;
      bucket = buckets[next]
    ) {
      count = bucket.count
      next++
    }
    return count
  })
}

function labelsOf(method: string, route: string): string {
  return `method="${escaped(method)}",route="${escaped(route)}"`
}

function escaped(value: string): string {
  return value.replace(/["\\\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`))
}
