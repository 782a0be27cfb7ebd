import type { RecordKind, RecordRow } from '@fastify-scs/store/adapter'

/** The columns and the fields of a row that they hold; `data` is last, so that the others are read without its pages. */
export const COLUMNS: readonly (readonly [column: string, field: keyof RecordRow])[] = [
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

/** Columns that a filter compares with one value; each has an index of its own. */
export const KEY_COLUMNS = [
  'service',
  'status',
  'status_code',
  'fingerprint',
  'level',
  'request_id',
  'reference_type',
  'reference_id',
  'user',
] as const

/** The statement that keeps a row, unless a row with the same id and the same or a higher revision is there. */
export function upsertSql(kind: RecordKind): string {
  const columns = COLUMNS.map(([column]) => column)
  const updates = columns
    .filter((column) => column !== 'id')
    .map((column) => `${column} = excluded.${column}`)
  return `INSERT INTO ${kind} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
    ON CONFLICT (id) DO UPDATE SET ${updates.join(', ')} WHERE excluded.revision > ${kind}.revision`
}
