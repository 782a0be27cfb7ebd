import { setImmediate as nextTurn } from 'node:timers/promises'
import { type RouteFigures, type RouteStatsQuery, RouteStatsSum } from '@fastify-scs/store/adapter'
import type { Session, Statement } from '../database.js'
import { CREATED_AT_MS, timestampOf } from '../schema/day.js'

const DEFAULT_LIMIT = 50

/** How long figures are made at one go before others have their turn, in milliseconds. */
const SLICE_MS = 2

/** The calls of one route, or of one span of it, as the server has merged them. */
interface MergedCalls {
  readonly route: string
  /** Of the span; null for the whole. */
  readonly number: number | null
  readonly failed: number
  readonly slow: number
  readonly stuck: number
  readonly aborted: number
  readonly sumMs: number
  readonly minMs: number
  readonly maxMs: number
  /** JSON text. */
  readonly buckets: string
}

/**
 * Sums up calls by route. The server merges the histograms and chooses the routes, so that the host gets one histogram for each
 * figure that is returned, whatever was recorded.
 */
export async function sumRouteStats(
  { run }: Session,
  table: string,
  query: RouteStatsQuery,
): Promise<readonly RouteFigures[]> {
  const whole = routesStatement(table, query)
  const { rows } = await run<MergedCalls & Record<string, unknown>>(whole.text, whole.values)
  if (query.bucketMs === undefined) return figuresOf(query, rows)
  const routes = rows.map(({ route }) => route)
  const over = spansStatement(table, query, routes)
  const spans = await run<MergedCalls & Record<string, unknown>>(over.text, over.values)
  const places = new Map(routes.map((route, place) => [route, place]))
  const inOrder = spans.rows.sort(
    (one, other) => (places.get(one.route) ?? 0) - (places.get(other.route) ?? 0),
  )
  return figuresOf(query, inOrder)
}

/** The statement that merges the calls of each route and returns the first of them in the query's order. */
export function routesStatement(table: string, query: RouteStatsQuery): Statement {
  const { order = 'p95', limit = DEFAULT_LIMIT } = query
  const values: unknown[] = []
  const source = sourceOf(table, query, 'NULL::float8', values)
  const last = `ORDER BY ${order} DESC, route COLLATE "C" LIMIT $${values.push(limit)}`
  return { text: mergeStatement(source, last), values }
}

function spansStatement(
  table: string,
  query: RouteStatsQuery & { readonly bucketMs?: number },
  routes: readonly string[],
): Statement {
  const { from, bucketMs } = query
  const values: unknown[] = []
  const number = `floor((${CREATED_AT_MS} - $${values.push(from)}::float8) / $${values.push(bucketMs)}::float8)`
  const source = `${sourceOf(table, query, number, values)}
    AND route = ANY ($${values.push(routes)}::text[])`
  return { text: mergeStatement(source, 'ORDER BY number'), values }
}

/** The rows that are merged; `number` is the SQL of the span. */
function sourceOf(
  table: string,
  { from, to, route, service }: RouteStatsQuery,
  number: string,
  values: unknown[],
): string {
  const bind = (value: unknown) => `$${values.push(value)}`
  const conditions = [
    `created_at >= ${bind(timestampOf(from))}`,
    `created_at < ${bind(timestampOf(to))}`,
    route === undefined ? 'route IS NOT NULL' : `route = ${bind(route)}`,
  ]
  if (service !== undefined) conditions.push(`service = ${bind(service)}`)
  return `SELECT route, ${number} AS number, data FROM ${table} WHERE ${conditions.join(' AND ')}`
}

/** As `DurationHistogram` of the kit adds and reads histograms; a bucket that it does not know is left out. */
function mergeStatement(source: string, last: string): string {
  return `
    WITH minutes AS MATERIALIZED (
      SELECT route, number, minute.* FROM (${source}) AS stored CROSS JOIN LATERAL json_to_record(data) AS minute (
        failed float8, slow float8, stuck float8, aborted float8,
        "sumMs" float8, "minMs" float8, "maxMs" float8, buckets bigint[])
    ), sums AS (
      SELECT route, number, sum(failed) AS failed, sum(slow) AS slow, sum(stuck) AS stuck, sum(aborted) AS aborted,
        sum("sumMs") FILTER (WHERE cardinality(buckets) > 0) AS "sumMs",
        min("minMs") FILTER (WHERE cardinality(buckets) > 0) AS "minMs",
        max("maxMs") FILTER (WHERE cardinality(buckets) > 0) AS "maxMs"
      FROM minutes GROUP BY route, number
    ), counts AS (
      SELECT route, number, buckets[place] AS index, sum(buckets[place + 1])::float8 AS count
      FROM minutes, generate_series(1, cardinality(buckets) - 1, 2) AS place
      WHERE buckets[place] BETWEEN 0 AND ${LAST_BUCKET} AND buckets[place + 1] > 0
      GROUP BY route, number, buckets[place]
    ), ranked AS (
      SELECT *, sum(count) OVER (PARTITION BY route, number ORDER BY index) AS below,
        sum(count) OVER (PARTITION BY route, number) AS total
      FROM counts
    ), merged AS (
      SELECT route, number, min(total) AS calls, min(index) FILTER (WHERE below >= 0.95::float8 * total) AS p95,
        string_agg(index || ',' || count, ',' ORDER BY index) AS buckets
      FROM ranked GROUP BY route, number
    )
    SELECT * FROM (
      SELECT sums.route, sums.number, failed, slow, stuck, aborted, coalesce("sumMs", 0) AS "sumMs",
        coalesce("minMs", 0) AS "minMs", coalesce("maxMs", 0) AS "maxMs",
        coalesce(calls, 0) AS calls, coalesce(least(${upperBoundMs('p95')}, "maxMs"), 0) AS p95,
        '[' || coalesce(buckets, '') || ']' AS buckets
      FROM sums LEFT JOIN merged ON merged.route = sums.route AND merged.number IS NOT DISTINCT FROM sums.number
    ) AS figures
    ${last}`
}

/** The number of the histogram's last bucket. */
const LAST_BUCKET = 231

/** The SQL of the upper bound of a bucket, as the kit's histogram has it. */
function upperBoundMs(index: string): string {
  return `(CASE WHEN ${index} < 8 THEN ${index} + 1
    ELSE (8 + ${index} % 8 + 1) * power(2::float8, ${index} / 8 - 1) END / 1000)`
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
