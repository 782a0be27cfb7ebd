import {
  RECORD_KINDS,
  type RecordKind,
  RecordRefusedError,
  type RecordRow,
  type StoreRecord,
  toRow,
} from '@fastify-scs/store/adapter'
import { COLUMNS } from './columns.js'
import type { Session } from './database.js'
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

/** Writes the rows of all kinds in the session's transaction. */
export async function insertRows(
  session: Session,
  quotedSchema: string,
  batch: PreparedBatch,
): Promise<void> {
  for (const [kind, rows] of batch.rows) {
    const columns = COLUMNS.map(([field]) => arrayOf(rows.map((row) => row[field])))
    const times = arrayOf(rows.map((row) => new Date(row.createdAt).toISOString()))
    const bodies = rows.map((row) => row.data)
    await session.run(upsertInto(`${quotedSchema}.${kind}`), [
      times,
      ...columns,
      `[${bodies.join(',')}]`,
    ])
  }
}

/** An array as PostgreSQL reads it; the driver's own way to write one is several times as dear. */
function arrayOf(values: readonly (string | number | null)[]): string {
  const items = values.map((value) => {
    if (typeof value !== 'string') return value === null ? 'NULL' : String(value)
    return NEEDS_ESCAPE.test(value) ? `"${value.replace(ESCAPED, '\\$&')}"` : `"${value}"`
  })
  return `{${items.join(',')}}`
}

const NEEDS_ESCAPE = /["\\]/
const ESCAPED = /["\\]/g

const NAMES = ['created_at', ...COLUMNS.map(([, column]) => column), 'data']
const ARRAYS = ['timestamptz', ...COLUMNS.map(([, , type]) => type)].map(
  (type, index) => `$${index + 1}::${type}[]`,
)
const REPLACED = NAMES.filter((name) => name !== 'created_at' && name !== 'id')

/**
 * One statement for any number of rows: an array for each column, and all bodies in one JSON text, which the server
 * cuts up without reading what is in them. Why not COPY: docs/decisions/postgres.md.
 */
function upsertInto(table: string): string {
  const replaced = REPLACED.map((name) => `${name} = excluded.${name}`).join(', ')
  return `
    INSERT INTO ${table} AS kept (${NAMES.join(', ')})
    SELECT given.* FROM ROWS FROM (
      unnest(${ARRAYS.join(', ')}),
      json_array_elements($${NAMES.length}::json)
    ) AS given
    ON CONFLICT (id, created_at) DO UPDATE SET ${replaced}
    WHERE kept.revision < excluded.revision`
}
