import { DurationHistogram, type RouteMinute } from '@fastify-scs/core/kit/plain'
import type { CallFigures, RouteFigures, RouteStatsQuery } from '../port.js'

const DEFAULT_LIMIT = 50

/** The counts of calls that are summed up. */
class CallSum {
  readonly #durations = new DurationHistogram()
  #failed = 0
  #slow = 0
  #stuck = 0
  #aborted = 0

  add(minute: RouteMinute): void {
    this.#durations.add(minute)
    this.#failed += minute.failed
    this.#slow += minute.slow
    this.#stuck += minute.stuck
    this.#aborted += minute.aborted
  }

  figures(): CallFigures {
    const { count, p90Ms: _p90Ms, ...durations } = this.#durations.summary()
    return {
      calls: count,
      failed: this.#failed,
      slow: this.#slow,
      stuck: this.#stuck,
      aborted: this.#aborted,
      ...durations,
    }
  }
}

interface RouteSum {
  readonly whole: CallSum
  readonly over: Map<number, CallSum>
}

/** Sums up rows of the kind `route_stats`, one after the other, for databases that cannot merge histograms. */
export class RouteStatsSum {
  readonly #query: RouteStatsQuery
  readonly #routes = new Map<string, RouteSum>()

  constructor(query: RouteStatsQuery) {
    this.#query = query
  }

  /** Adds a row within the time of the query. */
  add(route: string, createdAt: number, minute: RouteMinute): void {
    const sum = this.#routeOf(route)
    sum.whole.add(minute)
    const { from, bucketMs } = this.#query
    if (bucketMs === undefined) return
    const at = from + Math.floor((createdAt - from) / bucketMs) * bucketMs
    const span = sum.over.get(at) ?? new CallSum()
    sum.over.set(at, span)
    span.add(minute)
  }

  /** The routes in the query's order. */
  routes(): readonly RouteFigures[] {
    const { order = 'p95', limit = DEFAULT_LIMIT } = this.#query
    const field = order === 'p95' ? 'p95Ms' : order
    return [...this.#routes]
      .map(([route, { whole, over }]) => ({ route, ...whole.figures(), over: figuresOver(over) }))
      .sort((one, other) => other[field] - one[field] || (one.route < other.route ? -1 : 1))
      .slice(0, limit)
  }

  #routeOf(route: string): RouteSum {
    const known = this.#routes.get(route)
    if (known !== undefined) return known
    const made: RouteSum = { whole: new CallSum(), over: new Map() }
    this.#routes.set(route, made)
    return made
  }
}

function figuresOver(over: ReadonlyMap<number, CallSum>): RouteFigures['over'] {
  return [...over]
    .sort(([one], [other]) => one - other)
    .map(([at, sum]) => ({ at, ...sum.figures() }))
}
