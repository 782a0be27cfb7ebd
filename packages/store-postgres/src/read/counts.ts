import {
  type BucketQuery,
  RECORD_KINDS,
  type RecordKind,
  type StoreSize,
  type TimeBucket,
} from '@fastify-scs/store/adapter'
import type { Database, Session, Statement, TransactionLimits } from '../database.js'
import { columnOf } from '../schema/columns.js'
import { millisecondsOf, timestampOf } from '../schema/day.js'
import type { Partitions } from '../schema/partitions.js'

/** A bucket as the server has counted it. */
interface BucketRow {
  /** Its beginning after that of the first one, in milliseconds. */
  readonly offset: number
  readonly count: number
  readonly byStatus: TimeBucket['byStatus'] | null
  readonly durations: readonly [p50: number, p95: number, p99: number, max: number] | null
}

/**
 * Counts by time bucket, oldest first; buckets without records are left out.
 */
export async function countBuckets(
  { run }: Session,
  table: string,
  query: BucketQuery,
): Promise<readonly TimeBucket[]> {
  const { text, values, firstAt } = bucketsStatement(table, query)
  const { rows } = await run<BucketRow & Record<string, unknown>>(text, values)
  return rows.map(({ offset, count, byStatus, durations }) => {
    const counts = { at: firstAt + offset, count, byStatus: byStatus ?? {} }
    if (durations === null) return counts
    const [p50, p95, p99, max] = durations
    return { ...counts, durationMs: { p50, p95, p99, max } }
  })
}

/** More than all times that records may have, in milliseconds, and not too much for the server's intervals. */
const MAX_WIDTH_MS = 1e15

const DURATIONS = ', array_agg(duration_ms) FILTER (WHERE duration_ms IS NOT NULL) AS durations'
const PERCENTILES = `(SELECT percentile_disc(ARRAY[0.5, 0.95, 0.99, 1]) WITHIN GROUP (ORDER BY duration)
  FROM parts, unnest(parts.durations) AS duration WHERE parts.bin = whole.bin)`

/** The statement that counts by time bucket, and where the first bucket begins that may have records. */
function bucketsStatement(table: string, query: BucketQuery): Statement & { firstAt: number } {
  const { from, to, by, bucketMs, percentiles = true } = query
  const values: unknown[] = []
  const bind = (value: unknown) => `$${values.push(value)}`
  const conditions = [
    `created_at >= ${bind(timestampOf(from))}`,
    `created_at < ${bind(timestampOf(to))}`,
    ...ASKED.flatMap((key) => {
      const value = query[key]
      return value === undefined ? [] : [`${columnOf(key)} = ${bind(value)}`]
    }),
  ]
  const counted =
    by === undefined ? 'coalesce(status, level)' : columnOf(by === 'type' ? 'fingerprint' : by)
  // No record is from before 1970.
  const firstAt = from + Math.ceil(Math.max(-from, 0) / bucketMs) * bucketMs
  const origin = bind(timestampOf(firstAt))
  const width = bind(Math.min(bucketMs, MAX_WIDTH_MS))
  return {
    firstAt,
    // date_bin, as the arithmetic of extract is done in decimal numbers; and the durations as arrays, since sorting rows by their bucket
    // costs more than the rest.
    text: `
      WITH parts AS MATERIALIZED (
        SELECT bin, value, count(*) AS count${percentiles ? DURATIONS : ''}
        FROM (
          SELECT date_bin(${width}::float8 * interval '1 ms', created_at, ${origin}::timestamptz) AS bin,
            (${counted})::text AS value${percentiles ? ', duration_ms' : ''}
          FROM ${table} WHERE ${conditions.join(' AND ')}
        ) AS numbered
        GROUP BY bin, value
      )
      SELECT ${millisecondsOf('whole.bin')} - ${millisecondsOf(`${origin}::timestamptz`)} AS "offset",
        sum(count)::float8 AS count,
        json_object_agg(value, count) FILTER (WHERE value IS NOT NULL) AS "byStatus",
        ${percentiles ? PERCENTILES : 'NULL'} AS durations
      FROM parts AS whole GROUP BY whole.bin ORDER BY whole.bin`,
    values,
  }
}

/** What records may be asked for by. */
const ASKED = ['service', 'status', 'fingerprint', 'route'] as const

/** Records of one kind up to which they are counted; beyond, the server's estimate is used. */
export const COUNTED_ROWS = 200_000

/** Counts what is stored; of a kind with more than 200,000 records, the server's estimate is returned. */
export async function measureSize(
  database: Database,
  limits: TransactionLimits,
  quotedSchema: string,
  partitions: Partitions,
): Promise<StoreSize> {
  const measured = await partitions.list(limits)
  return database.transaction(limits, async ({ run }) => {
    const countOf = async (kind: RecordKind): Promise<number> => {
      const ofKind = measured.filter((partition) => partition.kind === kind)
      const estimate = ofKind.reduce((sum, partition) => sum + partition.estimatedRows, 0)
      if (estimate > COUNTED_ROWS) return Math.round(estimate)
      const { rows } = await run<{ count: number }>(
        `SELECT count(*)::float8 AS count FROM ${quotedSchema}.${kind}`,
      )
      return rows[0]?.count ?? 0
    }
    const records: { [Kind in RecordKind]: number } = {
      integration_requests: 0,
      reports: 0,
      audit_events: 0,
      route_stats: 0,
    }
    for (const kind of RECORD_KINDS) records[kind] = await countOf(kind)
    const dead = await run<{ count: number; bytes: number }>(
      `SELECT count(*)::float8 AS count, pg_total_relation_size($1::regclass)::float8 AS bytes
       FROM ${quotedSchema}.dead_letters`,
      [`${quotedSchema}.dead_letters`],
    )
    const { count: deadLetters, bytes } = dead.rows[0] ?? { count: 0, bytes: 0 }
    return { records, deadLetters, bytes: measured.reduce((sum, { bytes }) => sum + bytes, bytes) }
  })
}
