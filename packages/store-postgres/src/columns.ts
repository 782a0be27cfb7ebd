import type { RecordRow } from '@fastify-scs/store/adapter'
import {
  binaryArray,
  type Codec,
  DOUBLE,
  INTEGER,
  JSON_TEXT,
  TEXT,
  TIMESTAMP,
  UUID,
} from './binary-array.js'

/** A column of a record's table. */
export interface Column {
  /** The row's field. */
  readonly field: keyof RecordRow
  readonly name: string
  /** The type's name in SQL. */
  readonly type: string
  /** What the rows have in it, as an array for the server. */
  readonly arrayOf: (rows: readonly RecordRow[]) => Buffer
}

type FieldOf<Value> = {
  [Field in keyof RecordRow]: RecordRow[Field] extends Value | null ? Field : never
}[keyof RecordRow]

/** The columns of a record, in the order in which they are written. */
export const COLUMNS: readonly Column[] = [
  numbers('createdAt', 'created_at', TIMESTAMP),
  texts('id', 'id', UUID),
  numbers('revision', 'revision', INTEGER),
  texts('service', 'service'),
  texts('status', 'status'),
  numbers('statusCode', 'status_code', INTEGER),
  texts('fingerprint', 'fingerprint'),
  texts('level', 'level'),
  texts('requestId', 'request_id'),
  texts('referenceType', 'reference_type'),
  texts('referenceId', 'reference_id'),
  texts('user', 'user_id'),
  numbers('durationMs', 'duration_ms', DOUBLE),
  texts('summary', 'summary'),
  texts('searchText', 'search_text'),
  texts('data', 'data', JSON_TEXT),
]

/** The column of a row's field. */
export function columnOf(field: string): string {
  return COLUMNS.find((column) => column.field === field)?.name ?? field
}

function texts(field: FieldOf<string>, name: string, codec: Codec<string> = TEXT): Column {
  return column(field, name, codec, (row) => row[field])
}

function numbers(field: FieldOf<number>, name: string, codec: Codec<number>): Column {
  return column(field, name, codec, (row) => row[field])
}

function column<Value>(
  field: keyof RecordRow,
  name: string,
  codec: Codec<Value>,
  read: (row: RecordRow) => Value | null,
): Column {
  const { type } = codec
  return { field, name, type, arrayOf: (rows) => binaryArray(codec, rows.map(read)) }
}
