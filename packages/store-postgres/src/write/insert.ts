import { createHash } from 'node:crypto'
import {
  RECORD_KINDS,
  type RecordKind,
  RecordRefusedError,
  type StoreRecord,
  searchedWords,
  storableText,
  toRow,
} from '@fastify-scs/store/adapter'
import type { Session, Statement } from '../database.js'
import { ENGINE } from '../fault.js'
import { reopenHours } from '../routes/hours.js'
import { COLUMNS, type StoredRow } from '../schema/columns.js'
import { MAX_TIME_MS } from '../schema/day.js'
import { type Partition, partitionsOf } from '../schema/partitions.js'
import { claimKeys, keyOf } from './record-keys.js'

/** The rows of a batch by kind, in the order in which all instances lock them. */
export interface PreparedBatch {
  readonly rows: ReadonlyMap<RecordKind, readonly StoredRow[]>
  /** Their partitions, each once. */
  readonly partitions: readonly Partition[]
}

/**
 * Makes the rows of a batch; of several revisions of one record, the highest is kept.
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

/** Sorts for locking: two instances that locked the same rows in different orders would block each other. */
export function inLockOrder<Each>(them: Each[], idOf: (each: Each) => string): Each[] {
  return them.sort((one, other) => (idOf(one) < idOf(other) ? -1 : 1))
}

/** The statements that write the rows of all kinds. */
export function insertStatements(quotedSchema: string, { rows }: PreparedBatch): Statement[] {
  const statements: Statement[] = []
  for (const [kind, ofKind] of rows) statements.push(...reopenHours(quotedSchema, kind, ofKind))
  for (const [kind, ofKind] of rows)
    statements.push(upsertInto(`${quotedSchema}.${kind}`, ofKind, REPLACES.whenNewer))
  const keys = [...rows].flatMap(([kind, ofKind]) =>
    ofKind.flatMap((row) => keyOf(kind, row) ?? []),
  )
  if (keys.length > 0) statements.push(claimKeys(quotedSchema, keys))
  return statements
}

const REPLACED = COLUMNS.filter(({ field }) => field !== 'createdAt' && field !== 'id')
  .map(({ name }) => `${name} = excluded.${name}`)
  .join(', ')

/** SQL for when a row replaces the stored one, which is locked in any case. */
export const REPLACES = {
  whenNewer: 'kept.revision < excluded.revision',
  always: 'true',
  never: 'false',
} as const

/**
 * One statement for any number of rows: an array for each column in which any of them has a value. Why not COPY:
 * docs/decisions/postgres.md.
 */
export function upsertInto(
  table: string,
  rows: readonly StoredRow[],
  replaces: (typeof REPLACES)[keyof typeof REPLACES],
): Statement {
  const columns = COLUMNS.filter(({ field }) => rows.some((row) => (row[field] ?? null) !== null))
  const names = columns.map(({ name }) => name).join(', ')
  const made = columns.map((column) => column.made).join(', ')
  const arrays = columns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ')
  return {
    text: `
      INSERT INTO ${table} AS kept (${names})
      SELECT ${made} FROM unnest(${arrays}) AS given (${names})
      ON CONFLICT (id, created_at) DO UPDATE SET ${REPLACED} WHERE ${replaces}`,
    values: columns.map(({ arrayOf }) => arrayOf(rows)),
  }
}

const REASON_MAX_CHARS = 2_000

/** Stores a dead letter, whatever the record holds; the same one again replaces its reason. */
export async function insertDeadLetter(
  session: Session,
  quotedSchema: string,
  record: StoreRecord,
  reason: string,
): Promise<void> {
  // It may be a dead letter because it lacks what its type promises.
  const { kind, id }: { readonly kind?: unknown; readonly id?: unknown } = Object(record)
  const text = textOf(record)
  await session.run(
    `INSERT INTO ${quotedSchema}.dead_letters AS kept (kind, id, reason, record) VALUES ($1, $2, $3, $4)
     ON CONFLICT (kind, id) DO UPDATE
     SET buried_at = excluded.buried_at, reason = excluded.reason, record = excluded.record`,
    [
      storableText(String(kind)),
      typeof id === 'string' ? storableText(id) : createHash('sha256').update(text).digest('hex'),
      storableText(reason, REASON_MAX_CHARS),
      text,
    ],
  )
}

/** JSON text, as far as it goes. */
function textOf(record: unknown): string {
  const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)
  try {
    return JSON.stringify(record, plain) ?? 'null'
  } catch (error) {
    return JSON.stringify({ unreadable: String(error) })
  }
}
