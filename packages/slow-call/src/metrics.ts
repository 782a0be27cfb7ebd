import { setImmediate as nextTurn } from 'node:timers/promises'
import type { BlockedStats } from './blocked/blocked-watch.js'
import type { WatchedRoute } from './watched-route.js'

/** What a scraper is told of the text's format. */
export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** Routes that have series of their own; the calls of those that are called for the first time later are summed up. */
export const MAX_OWN_SERIES = 1_000

/** Routes, or series, that one piece of the work is about. */
const PIECE = 100

/**
 * Upper bounds of the buckets, in milliseconds: 1.024 ms, and twice as much each time, to 67 s. They are bounds of the histograms too,
 * so that the counts are exact, and the same for all routes, so that a server can add them up.
 */
const BOUNDS_MS: readonly number[] = Array.from(
  { length: 17 },
  (_, power) => (1_024 * 2 ** power) / 1_000,
)

const DURATION = 'scs_http_request_duration_seconds'
const DURATION_HELP =
  'Time from the arrival of a request to the head of its answer, without the wait for its body.'

const BLOCKED = 'scs_event_loop_blocked_total'
const BLOCKED_HELP = 'How often the event loop was blocked for longer than the limit.'

/** The part of the figures of blocks that is shown. */
type BlockedFigures = Pick<BlockedStats, 'blocked'>

/** Counters, by the field of the route. */
const COUNTERS = {
  failed: ['scs_http_requests_failed_total', 'Requests that were answered with 500 or above.'],
  slow: ['scs_http_requests_slow_total', 'Requests that took longer than their limit.'],
  stuck: ['scs_http_requests_stuck_total', 'Requests that were stuck.'],
  aborted: ['scs_http_requests_aborted_total', 'Requests whose client left before the first byte.'],
} as const
const COUNTED = Object.keys(COUNTERS) as (keyof typeof COUNTERS)[]

/** The figures of a series: the calls of one route, or of all those that have no series of their own. */
class Series {
  readonly labels: string
  calls = 0
  sumMs = 0
  /** Counts by `BOUNDS_MS`, cumulative. */
  readonly buckets: number[] = BOUNDS_MS.map(() => 0)
  readonly counters = { failed: 0, slow: 0, stuck: 0, aborted: 0 }

  constructor(method: string, route: string) {
    this.labels = `method="${escaped(method)}",route="${escaped(route)}"`
  }

  add(route: WatchedRoute): this {
    for (const histogram of route.histograms) {
      this.calls += histogram.count
      this.sumMs += histogram.sumMs
      histogram.addCounts(BOUNDS_MS, this.buckets)
    }
    for (const field of COUNTED) this.counters[field] += route[field]
    return this
  }
}

/** The metrics of an app. Which routes have series of their own: a route keeps what it has, since a counter must not go back. */
export class MetricsText {
  readonly #own = new Set<string>()
  readonly #others = new Set<string>()
  #running: Promise<string> | undefined

  /** The figures in Prometheus' text format 0.0.4. */
  textOf(routes: readonly WatchedRoute[], inFlight: number, blocked?: BlockedFigures): string {
    return [...this.#pieces(routes, inFlight, blocked)].join('')
  }

  /** The same, made piece by piece, so that requests are served meanwhile. Who asks while it is being made gets the same text. */
  textInPieces(
    routes: readonly WatchedRoute[],
    inFlight: number,
    blocked?: BlockedFigures,
  ): Promise<string> {
    this.#running ??= this.#inTurns(routes, inFlight, blocked).finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #inTurns(
    routes: readonly WatchedRoute[],
    inFlight: number,
    blocked: BlockedFigures | undefined,
  ): Promise<string> {
    let text = ''
    for (const piece of this.#pieces(routes, inFlight, blocked)) {
      text += piece
      await nextTurn()
    }
    return text
  }

  *#pieces(
    routes: readonly WatchedRoute[],
    inFlight: number,
    blocked: BlockedFigures | undefined,
  ): Generator<string> {
    const all: Series[] = []
    const others = new Series('*', '(other routes)')
    for (const [at, route] of routes.entries()) {
      const { method, url } = route
      if (this.#hasOwn(`${method} ${url}`)) all.push(new Series(method, url).add(route))
      else others.add(route)
      if (at % PIECE === PIECE - 1) yield ''
    }
    if (this.#others.size > 0) all.push(others)
    yield* linesOf(DURATION, DURATION_HELP, 'histogram', all, durationLines)
    for (const field of COUNTED) {
      const [name, help] = COUNTERS[field]
      const line = ({ labels, counters }: Series): string =>
        `${name}{${labels}} ${counters[field]}\n`
      yield* linesOf(name, help, 'counter', all, line)
    }
    const name = 'scs_http_requests_in_flight'
    yield `${headOf(name, 'Requests without an answer, now.', 'gauge')}${name} ${inFlight}\n`
    if (blocked === undefined) return
    yield `${headOf(BLOCKED, BLOCKED_HELP, 'counter')}${BLOCKED} ${blocked.blocked}\n`
  }

  #hasOwn(name: string): boolean {
    if (this.#own.has(name)) return true
    const isOwn = this.#own.size < MAX_OWN_SERIES && !this.#others.has(name)
    if (isOwn) this.#own.add(name)
    else this.#others.add(name)
    return isOwn
  }
}

/** The lines of one metric, which must stand together. */
function* linesOf(
  name: string,
  help: string,
  type: string,
  all: readonly Series[],
  linesOfOne: (series: Series) => string,
): Generator<string> {
  yield headOf(name, help, type)
  for (let from = 0; from < all.length; from += PIECE)
    yield all
      .slice(from, from + PIECE)
      .map(linesOfOne)
      .join('')
}

function durationLines({ labels, buckets, calls, sumMs }: Series): string {
  const lines = BOUNDS_MS.map(
    (boundMs, at) => `${DURATION}_bucket{${labels},le="${boundMs / 1_000}"} ${buckets[at]}\n`,
  )
  const total = `${DURATION}_bucket{${labels},le="+Inf"} ${calls}\n`
  const sum = `${DURATION}_sum{${labels}} ${sumMs / 1_000}\n`
  return `${lines.join('')}${total}${sum}${DURATION}_count{${labels}} ${calls}\n`
}

function headOf(name: string, help: string, type: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`
}

function escaped(value: string): string {
  return value.replace(/["\\\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`))
}
