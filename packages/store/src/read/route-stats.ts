import { DurationHistogram, type RouteMinute, show } from '@fastify-scs/core/kit/plain'
import { FilterError } from '../errors.js'
import type { CallFigures, RouteFigures, RouteStatsQuery } from '../port.js'
import { checkFields, limitOf, storableOf } from './filter.js'
import { checkSpan } from './tally.js'

const DEFAULT_ROUTES = 50
const MAX_ROUTES = 200
const MAX_SPANS = 1_000
const MINUTE_MS = 60_000
const ORDERS: readonly RouteStatsQuery['order'][] = ['calls', 'p95', 'failed', 'slow']
const FIELDS: ReadonlySet<string> = new Set([
  'from',
  'to',
  'route',
  'service',
  'bucketMs',
  'order',
  'limit',
])

/** Checks a query for the calls of routes, and fills in its defaults. @throws FilterError */
export function resolveRouteStatsQuery(query: RouteStatsQuery): RouteStatsQuery {
  checkFields(query, FIELDS)
  const { from, to, bucketMs, order = 'p95' } = query
  checkSpan(from, to)
  if (!ORDERS.includes(order))
    throw new FilterError('order', `one of ${ORDERS.join(', ')}`, show(order))
  if (bucketMs !== undefined) checkWidth(from, to, bucketMs)
  const route = storableOf('route', query.route)
  const service = storableOf('service', query.service)
  return {
    from,
    to,
    order,
    limit: limitOf(query.limit, DEFAULT_ROUTES, MAX_ROUTES),
    ...(route === undefined ? {} : { route }),
    ...(service === undefined ? {} : { service }),
    ...(bucketMs === undefined ? {} : { bucketMs }),
  }
}

function checkWidth(from: number, to: number, bucketMs: number): void {
  const isWidth = Number.isInteger(bucketMs) && bucketMs >= MINUTE_MS
  if (isWidth && (to - from) / bucketMs <= MAX_SPANS) return
  const expected = `a whole number of milliseconds from ${MINUTE_MS} that makes at most ${MAX_SPANS} spans`
  throw new FilterError('bucketMs', expected, show(bucketMs))
}

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
    const { order = 'p95', limit = DEFAULT_ROUTES } = this.#query
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
