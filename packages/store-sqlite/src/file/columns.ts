import type { RecordKind, RecordRow } from '@fastify-scs/store/adapter'
import type { SqlValue } from '../driver/driver.js'

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

/** The columns of the table beside it, which has rows only for records that have one of them. */
export const EXTRA_COLUMNS: readonly Column[] = [
  ['key', 'key'],
  ['remote_id', 'remoteId'],
  ['stamps', 'stamps'],
]

/** The columns of the table for where a record comes from, which has rows only for records that have one of them. */
export const ORIGIN_COLUMNS: readonly Column[] = [
  ['route', 'route'],
  ['release', 'release'],
  ['trace_id', 'traceId'],
]

/** The values for `COLUMNS`; spelled out for speed, since each row that is written passes here. */
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

/** The table beside a kind's own, for columns that few records have. */
export function extraTable(kind: RecordKind): string {
  return `${kind}_extra`
}

/** The table of a kind for where its records come from. */
export function originTable(kind: RecordKind): string {
  return `${kind}_origin`
}

/** The statement that stores where a record comes from: bound are the row's number, when the record was made, and the columns. */
export function replaceOriginSql(kind: RecordKind): string {
  const columns = ['record', 'made_at', ...ORIGIN_COLUMNS.map(([column]) => column)]
  return `INSERT OR REPLACE INTO ${originTable(kind)} (${columns.join(', ')})
    VALUES (${columns.map(() => '?').join(', ')})`
}

/** The statement that stores a row, unless one with the same id and the same or a higher revision is stored. */
export function upsertSql(kind: RecordKind): string {
  return `${replaceSql(kind)} WHERE excluded.revision > ${kind}.revision`
}

/** The statement that stores a row, in place of one with the same id. */
export function replaceSql(kind: RecordKind): string {
  const columns = COLUMNS.map(([column]) => column)
  const updates = columns
    .filter((column) => column !== 'id')
    .map((column) => `${column} = excluded.${column}`)
  return `INSERT INTO ${kind} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
    ON CONFLICT (id) DO UPDATE SET ${updates.join(', ')}`
}

/** The statement that stores a row of the table beside: bound are the row's number, the service if it has a key, and the columns. */
export function replaceExtraSql(kind: RecordKind): string {
  const columns = ['record', 'key_service', ...EXTRA_COLUMNS.map(([column]) => column)]
  return `INSERT OR REPLACE INTO ${extraTable(kind)} (${columns.join(', ')})
    VALUES (${columns.map(() => '?').join(', ')})`
}

// A text in lower case has no ASCII capital, so the first of these ends it; a method in capitals has no small letter, so the first
// small one after it ends it.
const END = 'T'
const METHOD = 'm'
const URL = 'u'

/**
 * Makes the column `search_text`: the summary in lower case, and behind it what filters ask for and only the data has.
 * For `POST https://a.com/Pay` of a call that went out: `<summary>TomPOSTuhttps://a.com/Pay`.
 */
export function searchTextOf({ searchText, direction, method, url }: RecordRow): string {
  const way = direction === null ? '-' : direction === 'out' ? 'o' : 'i'
  const head = `${searchText ?? ''}${END}${way}`
  const withMethod = method === null ? head : `${head}${METHOD}${method}`
  return url === null ? withMethod : `${withMethod}${URL}${url}`
}

const BEHIND = `substr(search_text, instr(search_text, '${END}') + 1)`

/** The direction of a row. */
export const DIRECTION_SQL: string = behindOrIn(
  `CASE substr(${BEHIND}, 1, 1) WHEN 'o' THEN 'out' WHEN 'i' THEN 'in' END`,
  `CASE json_type(data, '$.isRemoteRequest') WHEN 'true' THEN 'out' WHEN 'false' THEN 'in' END`,
)

/** The method of a row, in capitals. */
export const METHOD_SQL: string = behindOrIn(
  `CASE substr(${BEHIND}, 2, 1) WHEN '${METHOD}'
    THEN substr(${BEHIND}, 3, instr(${BEHIND} || '${URL}', '${URL}') - 3) END`,
  `upper(${textIn('method')})`,
)

/** The URL of a row. */
export const URL_SQL: string = behindOrIn(
  `CASE WHEN instr(${BEHIND}, '${URL}') > 0 THEN substr(${BEHIND}, instr(${BEHIND}, '${URL}') + 1) END`,
  textIn('url'),
)

/**
 * A condition on the method, the direction or the URL, that is checked only for rows whose column has the text which is bound first,
 * or has nothing behind the summary: to take the column apart costs as much as to read the row.
 */
export function behindSql(condition: string): string {
  return `CASE WHEN ifnull(instr(search_text, ?) = 0 AND instr(search_text, '${END}') > 0, 0)
    THEN 0 ELSE ${condition} END`
}

/** The text that the column of a row has which has this value. */
export function behindText(field: 'method' | 'direction' | 'url', value: string): string {
  if (field === 'method') return METHOD + value
  return field === 'url' ? URL + value : END + (value === 'out' ? 'o' : 'i')
}

/** Whether the summary of a row contains the bound text, which has no capital, so that it is not found across the end. */
export const IN_SUMMARY_SQL: string = `(summary IS NOT NULL
  AND instr(search_text, ?) BETWEEN 1 AND instr(search_text || '${END}', '${END}'))`

/** A row that an earlier version has written has nothing behind its summary: then the data is read, if SQLite can read it. */
function behindOrIn(behind: string, inData: string): string {
  return `CASE WHEN instr(search_text, '${END}') > 0 THEN ${behind}
    WHEN json_valid(data) THEN ${inData} END`
}

function textIn(field: string): string {
  return `CASE json_type(data, '$.${field}') WHEN 'text' THEN json_extract(data, '$.${field}') END`
}
