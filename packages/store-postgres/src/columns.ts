import type { RecordRow } from '@fastify-scs/store/adapter'

/** The columns of a record beside its time and its data: the row's field, the column, the type. */
export const COLUMNS: readonly (readonly [
  field: Exclude<keyof RecordRow, 'createdAt' | 'data'>,
  column: string,
  type: string,
])[] = [
  ['id', 'id', 'uuid'],
  ['revision', 'revision', 'integer'],
  ['service', 'service', 'text'],
  ['status', 'status', 'text'],
  ['statusCode', 'status_code', 'integer'],
  ['fingerprint', 'fingerprint', 'text'],
  ['level', 'level', 'text'],
  ['requestId', 'request_id', 'text'],
  ['referenceType', 'reference_type', 'text'],
  ['referenceId', 'reference_id', 'text'],
  ['user', 'user_id', 'text'],
  ['durationMs', 'duration_ms', 'double precision'],
  ['summary', 'summary', 'text'],
  ['searchText', 'search_text', 'text'],
]

/** The column of a row's field. */
export function columnOf(field: string): string {
  return COLUMNS.find(([name]) => name === field)?.[1] ?? field
}
