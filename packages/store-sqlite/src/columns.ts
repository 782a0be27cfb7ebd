import type { RecordKind, RecordRow } from '@fastify-scs/store/adapter'
import type { SqlValue } from './driver/driver.js'
import { searchTextOf } from './search-text.js'

/** A column and the field of a row that it holds. */
type Column = readonly [column: string, field: keyof RecordRow]

/** The columns of a record's table; `data` is last, so that the others are read without its pages. */
export const COLUMNS: readonly Column[] = [
  ['id', 'id'],
  ['created_at', 'createdAt'],
  ['revision', 'revision'],
  ['service', 'service'],
  ['status', 'status'],
  ['status_code', 'statusCode'],
  ['fingerprint', 'fingerprint'],
  ['level', 'level'],
  ['request_id', 'requestId'],
  ['reference_type', 'referenceType'],
  ['reference_id', 'referenceId'],
  ['user', 'user'],
  ['duration_ms', 'durationMs'],
  ['summary', 'summary'],
  ['search_text', 'searchText'],
  ['data', 'data'],
]

/** The columns of the table beside it, which has a row only for a record that has one of them. */
export const EXTRA_COLUMNS: readonly Column[] = [
  ['key', 'key'],
  ['remote_id', 'remoteId'],
  ['stamps', 'stamps'],
]

/** What is bound for `COLUMNS`; spelled out, as each row that is written passes here. */
export function valuesOf(row: RecordRow): SqlValue[] {
  return [
    row.id,
    row.createdAt,
    row.revision,
    row.service,
    row.status,
    row.statusCode,
    row.fingerprint,
    row.level,
    row.requestId,
    row.referenceType,
    row.referenceId,
    row.user,
    row.durationMs,
    row.summary,
    searchTextOf(row),
    row.data,
  ]
}

/** The table beside the one of a kind. */
export function extraTable(kind: RecordKind): string {
  return `${kind}_extra`
}

/** The statement that keeps a row, unless a row with the same id and the same or a higher revision is there. */
export function upsertSql(kind: RecordKind): string {
  return `${replaceSql(kind)} WHERE excluded.revision > ${kind}.revision`
}

/** The statement that keeps a row, in place of one with the same id. */
export function replaceSql(kind: RecordKind): string {
  const columns = COLUMNS.map(([column]) => column)
  const updates = columns
    .filter((column) => column !== 'id')
    .map((column) => `${column} = excluded.${column}`)
  return `INSERT INTO ${kind} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
    ON CONFLICT (id) DO UPDATE SET ${updates.join(', ')}`
}

/** The statement that keeps what stands beside a row, bound to the row's number, the service if it has a key, and the columns. */
export function replaceExtraSql(kind: RecordKind): string {
  const columns = ['record', 'key_service', ...EXTRA_COLUMNS.map(([column]) => column)]
  return `INSERT OR REPLACE INTO ${extraTable(kind)} (${columns.join(', ')})
    VALUES (${columns.map(() => '?').join(', ')})`
}
