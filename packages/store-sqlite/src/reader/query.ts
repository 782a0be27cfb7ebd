import type { EqualKey, RecordKind, ResolvedFilter } from '@fastify-scs/store/adapter'
import type { SqlValue } from '../driver/driver.js'
import {
  COLUMNS,
  DIRECTION_SQL,
  EXTRA_COLUMNS,
  extraTable,
  IN_SUMMARY_SQL,
  METHOD_SQL,
  URL_SQL,
} from '../file/columns.js'
import { wordsTable } from '../writer/word-index.js'

/** A statement and its bound values. */
export interface Query {
  readonly sql: string
  readonly values: readonly SqlValue[]
}

const FIELDS = [...COLUMNS, ...EXTRA_COLUMNS]
  .filter(([, field]) => field !== 'searchText')
  .map(([column, field]) => `${column} AS ${field}`)
  .join(', ')

/** The SQL that a key is compared with. */
const KEY_SQL: Readonly<Record<EqualKey, string>> = {
  service: 'service',
  fingerprint: 'fingerprint',
  level: 'level',
  requestId: 'request_id',
  key: 'key',
  remoteId: 'remote_id',
  method: METHOD_SQL,
  direction: DIRECTION_SQL,
  referenceType: 'reference_type',
  referenceId: 'reference_id',
  user: 'user',
}

/** Keys of the table beside; few records have one, so the search begins there. */
const EXTRA_KEYS: ReadonlySet<EqualKey> = new Set(['key', 'remoteId'])

/** The query for one record. */
export function getQuery(kind: RecordKind, id: string): Query {
  return { sql: `SELECT ${FIELDS} FROM ${tables(kind)} WHERE id = ?`, values: [id] }
}

/**
 * The query for rows that match, newest first. Where there is an index of words, `text` also finds rows whose bodies have all its
 * words.
 */
export function findQuery(kind: RecordKind, filter: ResolvedFilter, hasWords = false): Query {
  const { equal, statuses, notStatuses, urlPrefix, statusCode, from, to, after, limit } = filter
  const conditions: string[] = []
  const values: SqlValue[] = []
  const add = (condition: string, ...bound: readonly SqlValue[]): void => {
    conditions.push(condition)
    values.push(...bound)
  }
  for (const [key, value] of equal) add(`${KEY_SQL[key]} = ?`, value)
  // Rows of several values would have to be sorted by time: with the + they are filtered along an index that is in order.
  if (statuses?.length === 1) add('status = ?', ...statuses)
  else if (statuses !== undefined) add(`+status IN (${placesFor(statuses)})`, ...statuses)
  if (notStatuses.length > 0)
    add(`ifnull(status NOT IN (${placesFor(notStatuses)}), 1)`, ...notStatuses)
  if (urlPrefix !== undefined) add(`substr(${URL_SQL}, 1, length(?)) = ?`, urlPrefix, urlPrefix)
  if (statusCode !== undefined) {
    const { from: low, to: high } = statusCode
    if (low === high) add('status_code = ?', low)
    else add('+status_code BETWEEN ? AND ?', low, high)
  }
  if (from !== undefined) add('created_at >= ?', from)
  if (to !== undefined) add('created_at < ?', to)
  if (after !== undefined) add('(created_at, id) < (?, ?)', after.createdAt, after.id)
  const text = textQuery(kind, filter, hasWords)
  if (text !== undefined) add(text.sql, ...text.values)
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const beginsBeside = equal.some(([key]) => EXTRA_KEYS.has(key))
  const sql = `SELECT ${FIELDS} FROM ${tables(kind, beginsBeside)} ${where}
    ORDER BY created_at DESC, id DESC LIMIT ?`
  return { sql, values: [...values, limit] }
}

/** The query for what buckets count; the index on the time has all of its columns. */
export function bucketQuery(kind: RecordKind, from: number, to: number, service?: string): Query {
  const only = service === undefined ? '' : 'AND +service = ?'
  return {
    sql: `SELECT created_at AS createdAt, coalesce(status, level) AS status, duration_ms AS durationMs
      FROM ${kind} WHERE created_at >= ? AND created_at < ? ${only}`,
    values: service === undefined ? [from, to] : [from, to, service],
  }
}

function textQuery(
  kind: RecordKind,
  { text, words, from, to }: ResolvedFilter,
  hasWords: boolean,
): Query | undefined {
  if (text === undefined) return undefined
  if (!hasWords || words.length === 0) return { sql: IN_SUMMARY_SQL, values: [text] }
  const table = wordsTable(kind)
  // Rows are numbered as they arrive. The + keeps SQLite from walking the whole table for the lowest number.
  const span = `created_at >= ? AND created_at < ?`
  const ends = [from ?? 0, to ?? Number.MAX_SAFE_INTEGER]
  return {
    sql: `(${kind}.rowid IN (SELECT rowid FROM ${table} WHERE ${table} MATCH ?
      AND rowid >= (SELECT min(+rowid) FROM ${kind} WHERE ${span})
      AND rowid <= (SELECT max(+rowid) FROM ${kind} WHERE ${span})) OR ${IN_SUMMARY_SQL})`,
    values: [words.map((word) => `"${word}"`).join(' '), ...ends, ...ends, text],
  }
}

function tables(kind: RecordKind, beginsBeside = false): string {
  const extra = extraTable(kind)
  if (beginsBeside) return `${extra} AS extra CROSS JOIN ${kind} ON ${kind}.rowid = extra.record`
  return `${kind} LEFT JOIN ${extra} AS extra ON extra.record = ${kind}.rowid`
}

function placesFor(values: readonly string[]): string {
  return values.map(() => '?').join(', ')
}
