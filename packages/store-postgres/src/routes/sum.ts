import { setImmediate as nextTurn } from 'node:timers/promises'
import { type RouteFigures, type RouteStatsQuery, RouteStatsSum } from '@fastify-scs/store/adapter'
import type { Session, Statement } from '../database.js'
import { millisecondsOf, timestampOf } from '../schema/day.js'
import { HOUR_MS, mergedHours } from './hours.js'
import { type MergedCalls, mergeStatement } from './merge.js'

const DEFAULT_LIMIT = 50

/** How long figures are made at one go before others have their turn, in milliseconds. */
const SLICE_MS = 2

/** More gaps than this between merged hours are one. */
const MAX_GAPS = 40

/** What is summed up: whole hours that are merged already, and minutes in between. */
interface Parts {
  /** Beginnings of merged hours, in milliseconds since 1970. */
  readonly hours: readonly number[]
  readonly gaps: readonly { readonly from: number; readonly to: number }[]
}

type Row = MergedCalls & Record<string, unknown>

/**
 * Sums up calls by route. The server merges the histograms and chooses the routes, so that the host gets one histogram for each
 * figure that is returned, whatever was recorded.
 */
export async function sumRouteStats(
  session: Session,
  quotedSchema: string,
  query: RouteStatsQuery,
): Promise<readonly RouteFigures[]> {
  const parts = await partsOf(session, quotedSchema, query)
  const { route, bucketMs } = query
  let routes = route === undefined ? [] : [route]
  if (route === undefined || bucketMs === undefined) {
    const whole = routesStatement(quotedSchema, query, parts)
    const { rows } = await session.run<Row>(whole.text, whole.values)
    if (bucketMs === undefined) return figuresOf(query, rows)
    routes = rows.map((row) => row.route)
  }
  const over = spansStatement(quotedSchema, query, parts, routes)
  const spans = await session.run<Row>(over.text, over.values)
  const places = new Map(routes.map((route, place) => [route, place]))
  const inOrder = spans.rows.sort(
    (one, other) => (places.get(one.route) ?? 0) - (places.get(other.route) ?? 0),
  )
  return figuresOf(query, inOrder)
}

async function partsOf(
  session: Session,
  quotedSchema: string,
  { from, to, bucketMs }: RouteStatsQuery,
): Promise<Parts> {
  const whole = { hours: [], gaps: [{ from, to }] }
  const first = Math.ceil(from / HOUR_MS) * HOUR_MS
  // An hour of which only a part belongs to a span says nothing about it.
  if (bucketMs !== undefined && (bucketMs % HOUR_MS !== 0 || first !== from)) return whole
  const hours = await mergedHours(session, quotedSchema, first, to)
  const gaps: { from: number; to: number }[] = []
  let at = from
  for (const hour of hours) {
    if (hour > at) gaps.push({ from: at, to: hour })
    at = hour + HOUR_MS
  }
  if (at < to) gaps.push({ from: at, to })
  return gaps.length > MAX_GAPS ? whole : { hours, gaps }
}

/** The statement that merges the calls of each route and returns the first of them in the query's order. */
function routesStatement(quotedSchema: string, query: RouteStatsQuery, parts: Parts): Statement {
  const { order = 'p95', limit = DEFAULT_LIMIT } = query
  const values: unknown[] = []
  const source = sourceOf(quotedSchema, query, parts, { number: () => 'NULL::float8', values })
  const last = `ORDER BY ${order} DESC, route COLLATE "C" LIMIT $${values.push(limit)}`
  return {
    text: `SELECT * FROM (${mergeStatement(source, 'number')}) AS figures ${last}`,
    values,
  }
}

/** The statement that merges the calls of each span of some routes. */
function spansStatement(
  quotedSchema: string,
  query: RouteStatsQuery,
  parts: Parts,
  routes: readonly string[],
): Statement {
  const values: unknown[] = []
  const from = `$${values.push(query.from)}::float8`
  const width = `$${values.push(query.bucketMs)}::float8`
  const number = (time: string) => `floor((${millisecondsOf(time)} - ${from}) / ${width})`
  const source = sourceOf(quotedSchema, query, parts, { number, values, routes })
  return {
    text: `SELECT * FROM (${mergeStatement(source, 'number')}) AS figures ORDER BY number`,
    values,
  }
}

/** Selects the rows that are merged; `number` is the SQL of the span that a time belongs to. */
function sourceOf(
  quotedSchema: string,
  { route, service }: RouteStatsQuery,
  { hours, gaps }: Parts,
  {
    number,
    values,
    routes,
  }: { number: (time: string) => string; values: unknown[]; routes?: readonly string[] },
): string {
  const bind = (value: unknown) => `$${values.push(value)}`
  const asked = [
    route === undefined ? 'route IS NOT NULL' : `route = ${bind(route)}`,
    ...(service === undefined ? [] : [`service = ${bind(service)}`]),
    ...(routes === undefined ? [] : [`route = ANY (${bind(routes)}::text[])`]),
  ].join(' AND ')
  const selects = gaps.map(({ from, to }) => {
    const within = `created_at >= ${bind(timestampOf(from))} AND created_at < ${bind(timestampOf(to))}`
    return `SELECT route, ${number('created_at')} AS number, data
      FROM ${quotedSchema}.route_stats WHERE ${within} AND ${asked}`
  })
  if (hours.length > 0) {
    const times = bind(hours.map((hour) => timestampOf(hour)))
    selects.push(`SELECT route, ${number('hour')} AS number, data
      FROM ${quotedSchema}.route_hour_calls WHERE hour = ANY (${times}::timestamptz[]) AND ${asked}`)
  }
  return selects.join(' UNION ALL ')
}

/** Makes the figures of each route; the rows of a route stand together. In slices, so that no request waits. */
async function figuresOf(
  query: RouteStatsQuery,
  rows: readonly MergedCalls[],
): Promise<readonly RouteFigures[]> {
  const figures: RouteFigures[] = []
  let sum: RouteStatsSum | undefined
  let summed: string | undefined
  let began = performance.now()
  for (const row of rows) {
    if (row.route !== summed) {
      figures.push(...(sum?.routes() ?? []))
      sum = new RouteStatsSum(query)
      summed = row.route
    }
    sum?.add(row.route, timeOf(row, query), minuteOf(row))
    if (performance.now() - began < SLICE_MS) continue
    await nextTurn()
    began = performance.now()
  }
  figures.push(...(sum?.routes() ?? []))
  return figures
}

function timeOf({ number }: MergedCalls, { from, bucketMs = 0 }: RouteStatsQuery): number {
  return from + (number ?? 0) * bucketMs
}

function minuteOf({ buckets, ...calls }: MergedCalls): Parameters<RouteStatsSum['add']>[2] {
  return { instance: '', calls: 0, ...calls, buckets: JSON.parse(buckets) as number[] }
}
