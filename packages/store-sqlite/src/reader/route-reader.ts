import type { RouteMinute } from '@fastify-scs/core/kit/plain'
import { type RouteFigures, type RouteStatsQuery, RouteStatsSum } from '@fastify-scs/store/adapter'
import type { Connection } from '../driver/driver.js'
import { HOUR_MS, hourOf } from '../file/route-hour.js'
import { Conditions, type Query } from './conditions.js'
import { inTimeSql } from './deadline.js'

/** A span of whole hours that are summed up, or of minutes that are not. */
interface Span {
  readonly isSummedUp: boolean
  /** Milliseconds since 1970. */
  readonly from: number
  readonly to: number
}

/** Sums up the calls of routes: from whole hours where these are summed up, from minutes elsewhere. */
export class RouteReader {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  read(query: RouteStatsQuery): readonly RouteFigures[] {
    const sum = new RouteStatsSum(query)
    // In one snapshot: what is an hour in one statement must not be minutes in the next one.
    this.#connection.exec('BEGIN')
    try {
      for (const span of this.#spansOf(query)) {
        const { sql, values } = span.isSummedUp
          ? hoursQuery(query, span)
          : minutesQuery(query, span)
        for (const row of this.#connection.prepare(sql).iterate(...values)) {
          const { route, at, data } = row as FoundCalls
          sum.add(route, at, JSON.parse(data) as RouteMinute)
        }
      }
    } finally {
      this.#connection.exec('COMMIT')
    }
    return sum.routes()
  }

  #spansOf({ from, to, bucketMs }: RouteStatsQuery): readonly Span[] {
    const done = this.#connection
      .prepare('SELECT hour FROM route_hours_done WHERE hour >= ? AND hour < ? ORDER BY hour')
      .all(Math.ceil(from / HOUR_MS), hourOf(to)) as { hour: number }[]
    const isInOneBucket = (at: number): boolean =>
      bucketMs === undefined ||
      Math.floor((at - from) / bucketMs) === Math.floor((at + HOUR_MS - 1 - from) / bucketMs)
    const spans: Span[] = []
    let end = from
    for (const { hour } of done) {
      const at = hour * HOUR_MS
      if (!isInOneBucket(at)) continue
      if (at > end) spans.push({ isSummedUp: false, from: end, to: at })
      end = at + HOUR_MS
      const last = spans.at(-1)
      if (last?.isSummedUp === true && last.to === at) spans.pop()
      const begin = last?.isSummedUp === true && last.to === at ? last.from : at
      spans.push({ isSummedUp: true, from: begin, to: end })
    }
    if (end < to) spans.push({ isSummedUp: false, from: end, to })
    return spans
  }
}

interface FoundCalls {
  readonly route: string
  readonly at: number
  readonly data: string
}

function hoursQuery({ route, service }: RouteStatsQuery, { from, to }: Span): Query {
  const conditions = new Conditions()
  conditions.add(inTimeSql('rowid'))
  conditions.add('hour >= ? AND hour < ?', hourOf(from), hourOf(to))
  if (route !== undefined) conditions.add('route = ?', route)
  if (service !== undefined) conditions.add('service = ?', service)
  return {
    sql: `SELECT route, hour * ${HOUR_MS} AS at, data FROM route_hours ${conditions.where}`,
    values: conditions.values,
  }
}

function minutesQuery({ route, service }: RouteStatsQuery, { from, to }: Span): Query {
  const conditions = new Conditions()
  conditions.add(inTimeSql('route_stats.rowid'))
  conditions.add('route IS NOT NULL')
  if (route !== undefined) conditions.add('route = ?', route)
  const time = route === undefined ? 'created_at' : 'made_at'
  conditions.add(`${time} >= ? AND ${time} < ?`, from, to)
  if (service !== undefined) conditions.add('+service = ?', service)
  const [first, second] = ['route_stats', 'route_stats_origin AS origin']
  const tables =
    route === undefined ? `${first} CROSS JOIN ${second}` : `${second} CROSS JOIN ${first}`
  return {
    sql: `SELECT route, created_at AS at, data FROM ${tables}
      ON origin.record = route_stats.rowid ${conditions.where}`,
    values: conditions.values,
  }
}
