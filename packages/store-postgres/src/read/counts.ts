import {
  type BucketQuery,
  RECORD_KINDS,
  type RecordKind,
  type StoreSize,
  type TimeBucket,
} from '@fastify-scs/store/adapter'
import type { Database, Session, Statement, TransactionLimits } from '../database.js'
import { columnOf } from '../schema/columns.js'
import { CREATED_AT_MS, timestampOf } from '../schema/day.js'
import type { Partitions } from '../schema/partitions.js'

/** A bucket as a whole, or one status of it. */
interface BucketRow {
  readonly number: number
  readonly isWhole: boolean
  readonly status: string | null
  readonly count: number
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
  const { from, bucketMs } = query
  const { text, values } = bucketsStatement(table, query)
  const { rows } = await run<BucketRow>(text, values)
  const statuses = new Map<number, [status: string, count: number][]>()
  for (const { number, isWhole, status, count } of rows) {
    if (isWhole || status === null) continue
    const known = statuses.get(number)
    if (known === undefined) statuses.set(number, [[status, count]])
    else known.push([status, count])
  }
  const wholes = rows.filter((row) => row.isWhole)
  return wholes.map(({ number, count, durations }) => {
    const byStatus = Object.fromEntries(statuses.get(number) ?? [])
    const counts = { at: from + number * bucketMs, count, byStatus }
    if (durations === null) return counts
    const [p50, p95, p99, max] = durations
    return { ...counts, durationMs: { p50, p95, p99, max } }
  })
}

/** The statement that counts by time bucket, each as a whole and by what is asked for. */
export function bucketsStatement(table: string, query: BucketQuery): Statement {
  const { from, to, bucketMs, by } = query
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
  return {
    text: `
      SELECT number::float8, grouping(status) = 1 AS "isWhole", status, count(*)::float8 AS count,
        percentile_disc(ARRAY[0.5, 0.95, 0.99, 1]) WITHIN GROUP (ORDER BY duration_ms) AS durations
      FROM (
        SELECT floor((${CREATED_AT_MS} - ${bind(from)}::float8) / ${bind(bucketMs)}::float8) AS number,
          ${counted}::text AS status, duration_ms
        FROM ${table} WHERE ${conditions.join(' AND ')}
      ) AS numbered
      GROUP BY GROUPING SETS ((number), (number, status))
      ORDER BY number`,
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
