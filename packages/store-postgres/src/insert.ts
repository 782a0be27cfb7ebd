import {
  RECORD_KINDS,
  type RecordKind,
  RecordRefusedError,
  type RecordRow,
  type StoreRecord,
  toRow,
} from '@fastify-scs/store/adapter'
import { COLUMNS } from './columns.js'
import type { Statement } from './database.js'
import { MAX_TIME_MS } from './day.js'
import { ENGINE } from './fault.js'
import { type Partition, partitionOf } from './partitions.js'

/** The rows of a batch by kind, in the order in which every instance locks them. */
export interface PreparedBatch {
  readonly rows: ReadonlyMap<RecordKind, readonly RecordRow[]>
  /** Where they go, each once. */
  readonly partitions: readonly Partition[]
}

/**
 * Makes the rows of a batch; of several revisions of one record the highest is left.
 *
 * @throws RecordRefusedError
 */
export function prepareBatch(batch: readonly StoreRecord[]): PreparedBatch {
  const rows = new Map<RecordKind, Map<string, RecordRow>>()
  const partitions = new Map<string, Partition>()
  for (const record of batch) {
    const row = toRow(ENGINE, record)
    if (row.createdAt > MAX_TIME_MS)
      throw new RecordRefusedError(ENGINE, 'createdAt is past the year 9999')
    const ofKind = rows.get(record.kind) ?? new Map<string, RecordRow>()
    rows.set(record.kind, ofKind)
    const known = ofKind.get(row.id)
    if (known === undefined || known.revision < row.revision) ofKind.set(row.id, row)
    const partition = partitionOf(record.kind, row.createdAt)
    partitions.set(partition.table, partition)
  }
  // Two instances that write the same records would wait for each other if they locked them in different orders.
  const ordered = RECORD_KINDS.flatMap((kind) => {
    const ofKind = [...(rows.get(kind)?.values() ?? [])].sort((one, other) =>
      one.id < other.id ? -1 : 1,
    )
    return ofKind.length === 0 ? [] : [[kind, ofKind] as const]
  })
  return { rows: new Map(ordered), partitions: [...partitions.values()] }
}

/** The statements that write the rows of all kinds. */
export function insertStatements(quotedSchema: string, { rows }: PreparedBatch): Statement[] {
  return [...rows].map(([kind, ofKind]) => ({
    text: upsertInto(`${quotedSchema}.${kind}`),
    values: COLUMNS.map(({ arrayOf }) => arrayOf(ofKind)),
  }))
}

const NAMES = COLUMNS.map(({ name }) => name).join(', ')
const ARRAYS = COLUMNS.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ')
const REPLACED = COLUMNS.filter(({ field }) => field !== 'createdAt' && field !== 'id')
  .map(({ name }) => `${name} = excluded.${name}`)
  .join(', ')

/** One statement for any number of rows: an array for each column. Why not COPY: docs/decisions/postgres.md. */
function upsertInto(table: string): string {
  return `
    INSERT INTO ${table} AS kept (${NAMES})
    SELECT given.* FROM unnest(${ARRAYS}) AS given
    ON CONFLICT (id, created_at) DO UPDATE SET ${REPLACED}
    WHERE kept.revision < excluded.revision`
}
