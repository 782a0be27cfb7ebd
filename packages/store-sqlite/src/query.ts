import type { EqualKey, RecordKind, ResolvedFilter } from '@fastify-scs/store/adapter'
import { COLUMNS } from './columns.js'
import type { SqlValue } from './driver/driver.js'

/** A statement and what is bound to it. */
export interface Query {
  readonly sql: string
  readonly values: readonly SqlValue[]
}

const FIELDS = COLUMNS.filter(([, field]) => field !== 'searchText')
  .map(([column, field]) => `${column} AS ${field}`)
  .join(', ')

const KEY_COLUMN: Readonly<Record<EqualKey, string>> = {
  service: 'service',
  status: 'status',
  fingerprint: 'fingerprint',
  level: 'level',
  requestId: 'request_id',
  referenceType: 'reference_type',
  referenceId: 'reference_id',
  user: 'user',
}

/** The query for one record. */
export function getQuery(kind: RecordKind, id: string): Query {
  return { sql: `SELECT ${FIELDS} FROM ${kind} WHERE id = ?`, values: [id] }
}

/** The query for a page, and one record more that tells whether there is a next page. */
export function findQuery(kind: RecordKind, filter: ResolvedFilter): Query {
  const { equal, statusCode, from, to, text, after, limit } = filter
  const conditions: string[] = []
  const values: SqlValue[] = []
  const add = (condition: string, ...bound: SqlValue[]): void => {
    conditions.push(condition)
    values.push(...bound)
  }
  for (const [key, value] of equal) add(`${KEY_COLUMN[key]} = ?`, value)
  if (statusCode !== undefined) {
    const { from: low, to: high } = statusCode
    // A range would have to be sorted by time as a whole: with the + it is checked along an index that is in order.
    if (low === high) add('status_code = ?', low)
    else add('+status_code BETWEEN ? AND ?', low, high)
  }
  if (from !== undefined) add('created_at >= ?', from)
  if (to !== undefined) add('created_at < ?', to)
  if (after !== undefined) add('(created_at, id) < (?, ?)', after.createdAt, after.id)
  if (text !== undefined) add('instr(search_text, ?) > 0', text)
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const sql = `SELECT ${FIELDS} FROM ${kind} ${where} ORDER BY created_at DESC, id DESC LIMIT ?`
  return { sql, values: [...values, limit + 1] }
}

/** The query for what buckets count; the index on the time has all of it. */
export function bucketQuery(kind: RecordKind, from: number, to: number, service?: string): Query {
  const only = service === undefined ? '' : 'AND +service = ?'
  return {
    sql: `SELECT created_at AS createdAt, coalesce(status, level) AS status, duration_ms AS durationMs
      FROM ${kind} WHERE created_at >= ? AND created_at < ? ${only}`,
    values: service === undefined ? [from, to] : [from, to, service],
  }
}
