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
} from '../write/binary-array.js'

/** A record as its table has it. */
export interface StoredRow extends RecordRow {
  /** The words of the bodies with a space between each two, where they are searched. */
  readonly bodyWords?: string
}

/** A column of a record's table. */
export interface Column {
  /** The row's field. */
  readonly field: keyof StoredRow
  readonly name: string
  /** The name in SQL of the type in which a value is sent. */
  readonly type: string
  /** The SQL that makes the column's value of the one that was sent. */
  readonly made: string
  /** What the rows have in it, as an array for the server. */
  readonly arrayOf: (rows: readonly StoredRow[]) => Buffer
}

type FieldOf<Value> = {
  [Field in keyof StoredRow]-?: StoredRow[Field] extends Value | null | undefined ? Field : never
}[keyof StoredRow]

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
  texts('key', 'key'),
  texts('remoteId', 'remote_id'),
  texts('route', 'route'),
  texts('release', 'release'),
  texts('traceId', 'trace_id'),
  texts('method', 'method'),
  texts('direction', 'direction'),
  texts('stamps', 'stamps', JSON_TEXT),
  texts('data', 'data', JSON_TEXT),
  { ...texts('bodyWords', 'body_words'), made: `string_to_array(given.body_words, ' ')` },
]

/** The column of a row's field. */
export function columnOf(field: string): string {
  return COLUMNS.find((column) => column.field === field)?.name ?? field
}

function texts(field: FieldOf<string>, name: string, codec: Codec<string> = TEXT): Column {
  return column(field, name, codec, (row) => row[field] ?? null)
}

function numbers(field: FieldOf<number>, name: string, codec: Codec<number>): Column {
  return column(field, name, codec, (row) => row[field] ?? null)
}

function column<Value>(
  field: keyof StoredRow,
  name: string,
  codec: Codec<Value>,
  read: (row: StoredRow) => Value | null,
): Column {
  const { type } = codec
  return {
    field,
    name,
    type,
    made: `given.${name}`,
    arrayOf: (rows) => binaryArray(codec, rows.map(read)),
  }
}
