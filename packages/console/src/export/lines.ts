import { stringify } from 'csv-stringify/sync'
import type { ListedKind, RecordRow } from '../api/model.js'

/** The columns of each kind's CSV, in this order. */
const COLUMNS: Readonly<Record<ListedKind, readonly string[]>> = {
  reports: [
    ...['id', 'createdAt', 'service', 'status', 'statusCode', 'title', 'fingerprint', 'route'],
    ...['release', 'durationMs', 'requestId', 'traceId', 'user'],
  ],
  integration_requests: [
    ...['id', 'createdAt', 'service', 'direction', 'method', 'url', 'status', 'statusCode'],
    ...['durationMs', 'description', 'key', 'referenceType', 'referenceId'],
    ...['requestId', 'traceId', 'user'],
  ],
  audit_events: [
    ...['id', 'createdAt', 'service', 'level', 'type', 'message', 'path', 'requestId'],
    ...['traceId', 'user'],
  ],
}

/** A form of export. */
export interface ExportFormat {
  readonly contentType: string
  /** What comes before the records. */
  head(kind: ListedKind): string
  lines(kind: ListedKind, rows: readonly RecordRow[]): string
}

/** The forms, by what their files end with. */
export const FORMATS = {
  jsonl: {
    contentType: 'application/x-ndjson; charset=utf-8',
    head: () => '',
    lines: (_kind, rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
  },
  csv: {
    contentType: 'text/csv; charset=utf-8',
    head: (kind) => csv([COLUMNS[kind]]),
    lines: (kind, rows) => csv(rows.map((row) => cellsOf(kind, row))),
  },
} as const satisfies Record<string, ExportFormat>

function cellsOf(kind: ListedKind, row: RecordRow): unknown[] {
  const reference = 'reference' in row ? row.reference : null
  const fields: Readonly<Record<string, unknown>> = {
    ...row,
    createdAt: new Date(row.createdAt).toISOString(),
    referenceType: reference?.type ?? null,
    referenceId: reference?.id ?? null,
  }
  return COLUMNS[kind].map((column) => fields[column])
}

/**
 * As RFC 4180 has it; a cell that a spreadsheet would take for a formula gets an apostrophe before it. All texts are in quotes, since a
 * spreadsheet takes a carriage return on its own for the end of a line.
 */
function csv(rows: readonly (readonly unknown[])[]): string {
  const cells = rows.map((row) => [...row])
  return stringify(cells, {
    escape_formulas: true,
    quoted_string: true,
    record_delimiter: 'windows',
  })
}
