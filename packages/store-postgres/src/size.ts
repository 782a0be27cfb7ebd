import { RECORD_KINDS, type RecordKind, type StoreSize } from '@fastify-scs/store/adapter'
import type { Database, TransactionLimits } from './database.js'
import type { Partitions } from './partitions.js'

/** Records of one kind up to which they are counted; beyond, the server's estimate is told. */
export const COUNTED_ROWS = 200_000

/** Counts what there is; what a kind holds beyond 200,000 records is the server's estimate. */
export async function measureSize(
  database: Database,
  limits: TransactionLimits,
  quotedSchema: string,
  partitions: Partitions,
): Promise<StoreSize> {
  const measured = await partitions.list()
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
