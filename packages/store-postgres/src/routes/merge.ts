/** The calls of one route, or of one part of them, as the server has merged them. */
export interface MergedCalls {
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
 * The SQL that merges the calls of each route, and of each `by` of it; `source` selects the route, `by` and the data of minutes. Such as
 * `DurationHistogram` of the kit adds and reads histograms: a bucket that it does not know is left out. In the plain collation, since rows are
 * sorted by their route, which the database's own may make ten times as slow; and the pairs are
 * taken out of their arrays first, or each would carry its whole array along.
 */
export function mergeStatement(source: string, by: 'number' | 'service'): string {
  return `
    WITH minutes AS MATERIALIZED (
      SELECT route COLLATE "C" AS route, ${by}, minute.* FROM (${source}) AS stored CROSS JOIN LATERAL json_to_record(data) AS minute (
        failed float8, slow float8, stuck float8, aborted float8,
        "sumMs" float8, "minMs" float8, "maxMs" float8, buckets bigint[])
    ), sums AS (
      SELECT route, ${by}, sum(failed) AS failed, sum(slow) AS slow, sum(stuck) AS stuck, sum(aborted) AS aborted,
        sum("sumMs") FILTER (WHERE cardinality(buckets) > 0) AS "sumMs",
        min("minMs") FILTER (WHERE cardinality(buckets) > 0) AS "minMs",
        max("maxMs") FILTER (WHERE cardinality(buckets) > 0) AS "maxMs"
      FROM minutes GROUP BY route, ${by}
    ), pairs AS MATERIALIZED (
      SELECT route, ${by}, buckets[place]::integer AS index, buckets[place + 1]::float8 AS count
      FROM minutes, generate_series(1, cardinality(buckets) - 1, 2) AS place
      WHERE buckets[place] BETWEEN 0 AND ${LAST_BUCKET} AND buckets[place + 1] > 0
    ), counts AS (
      SELECT route, ${by}, index, sum(count) AS count FROM pairs GROUP BY route, ${by}, index
    ), ranked AS (
      SELECT *, sum(count) OVER (PARTITION BY route, ${by} ORDER BY index) AS below,
        sum(count) OVER (PARTITION BY route, ${by}) AS total
      FROM counts
    ), merged AS (
      SELECT route, ${by}, min(total) AS calls, min(index) FILTER (WHERE below >= 0.95::float8 * total) AS p95,
        string_agg(index || ',' || count, ',' ORDER BY index) AS buckets
      FROM ranked GROUP BY route, ${by}
    )
    SELECT sums.route, sums.${by}, failed, slow, stuck, aborted, coalesce("sumMs", 0) AS "sumMs",
      coalesce("minMs", 0) AS "minMs", coalesce("maxMs", 0) AS "maxMs",
      coalesce(calls, 0) AS calls, coalesce(least(${upperBoundMs('p95')}, "maxMs"), 0) AS p95,
      '[' || coalesce(buckets, '') || ']' AS buckets
    FROM sums LEFT JOIN merged ON merged.route = sums.route AND merged.${by} IS NOT DISTINCT FROM sums.${by}`
}

/** The number of the histogram's last bucket. */
const LAST_BUCKET = 231

/** The SQL of the upper bound of a bucket, as the kit's histogram has it. */
function upperBoundMs(index: string): string {
  return `(CASE WHEN ${index} < 8 THEN ${index} + 1
    ELSE (8 + ${index} % 8 + 1) * power(2::float8, ${index} / 8 - 1) END / 1000)`
}
