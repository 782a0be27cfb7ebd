import {
  RECORD_KINDS,
  type RecordKind,
  RecordRefusedError,
  type StoreRecord,
  searchedWords,
  toRow,
} from '@fastify-scs/store/adapter'
import type { StoredRow } from './columns.js'
import type { Statement } from './database.js'
import { MAX_TIME_MS } from './day.js'
import { ENGINE } from './fault.js'
import { type Partition, partitionsOf } from './partitions.js'
import { claimKeys, keyOf } from './record-keys.js'
import { REPLACES, upsertInto } from './upsert.js'

/** The rows of a batch by kind, in the order in which every instance locks them. */
export interface PreparedBatch {
  readonly rows: ReadonlyMap<RecordKind, readonly StoredRow[]>
  /** Where they go, each once. */
  readonly partitions: readonly Partition[]
}

/**
 * Makes the rows of a batch; of several revisions of one record the highest is left.
 *
 * @throws RecordRefusedError
 */
export function prepareBatch(
  batch: readonly StoreRecord[],
  searchesBodies: boolean,
): PreparedBatch {
  const rows = new Map<RecordKind, Map<string, StoredRow>>()
  for (const record of batch) {
    const row = storedRow(record, searchesBodies)
    const ofKind = rows.get(record.kind) ?? new Map<string, StoredRow>()
    rows.set(record.kind, ofKind)
    const known = ofKind.get(row.id)
    if (known === undefined || known.revision < row.revision) ofKind.set(row.id, row)
  }
  const ordered = RECORD_KINDS.flatMap((kind) => {
    const ofKind = inLockOrder([...(rows.get(kind)?.values() ?? [])], ({ id }) => id)
    return ofKind.length === 0 ? [] : [[kind, ofKind] as const]
  })
  const partitions = ordered.flatMap(([kind, ofKind]) => partitionsOf(kind, ofKind))
  return { rows: new Map(ordered), partitions }
}

/** The row of a record. @throws RecordRefusedError */
export function storedRow(record: StoreRecord, searchesBodies: boolean): StoredRow {
  const row = toRow(ENGINE, record)
  if (row.createdAt > MAX_TIME_MS)
    throw new RecordRefusedError(ENGINE, 'createdAt is past the year 9999')
  if (!searchesBodies || record.kind !== 'integration_requests') return row
  const words = searchedWords(record.data)
  return words.length === 0 ? row : { ...row, bodyWords: words.join(' ') }
}

/** Two instances that write the same records would wait for each other if they locked them in different orders. */
export function inLockOrder<Each>(them: Each[], idOf: (each: Each) => string): Each[] {
  return them.sort((one, other) => (idOf(one) < idOf(other) ? -1 : 1))
}

/** The statements that write the rows of all kinds. */
export function insertStatements(quotedSchema: string, { rows }: PreparedBatch): Statement[] {
  const statements: Statement[] = []
  for (const [kind, ofKind] of rows)
    statements.push(upsertInto(`${quotedSchema}.${kind}`, ofKind, REPLACES.whenNewer))
  const keys = [...rows].flatMap(([kind, ofKind]) =>
    ofKind.flatMap((row) => keyOf(kind, row) ?? []),
  )
  if (keys.length > 0) statements.push(claimKeys(quotedSchema, keys))
  return statements
}
