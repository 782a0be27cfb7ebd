import type { EqualKey, ResolvedFilter } from '@fastify-scs/store/adapter'
import type { SqlValue } from '../driver/driver.js'
import { behindSql, behindText, DIRECTION_SQL, METHOD_SQL, URL_SQL } from '../file/columns.js'

/** A statement and its bound values. */
export interface Query {
  readonly sql: string
  readonly values: readonly SqlValue[]
}

/** A key that an index leads along in the order of time, or the time itself. */
export type Way = EqualKey | 'status' | 'statusCode' | 'time'

/** The SQL that a key is compared with. */
export const KEY_SQL: Readonly<Record<EqualKey, string>> = {
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
  route: 'route',
  release: 'release',
  traceId: 'trace_id',
}

/** Keys of the table for what few records have. */
export const EXTRA_KEYS: ReadonlySet<string> = new Set(['key', 'remoteId'])

/** Keys of the table for where a record comes from. */
export const ORIGIN_KEYS: ReadonlySet<string> = new Set(['route', 'release', 'traceId'])

/** Keys that the index of the time has too. */
export const IN_TIME: ReadonlySet<string> = new Set(['service', 'level', 'status', 'statusCode'])

/** Conditions of a statement that must all hold. */
export class Conditions {
  readonly #conditions: string[] = []
  readonly #values: SqlValue[] = []

  add(condition: string, ...values: readonly SqlValue[]): void {
    this.#conditions.push(condition)
    this.#values.push(...values)
  }

  get values(): readonly SqlValue[] {
    return this.#values
  }

  get where(): string {
    return this.#conditions.length === 0 ? '' : `WHERE ${this.#conditions.join(' AND ')}`
  }
}

/** Adds what a filter asks for but its time and text; only the key of the way may use its index. */
export function addKeys(
  conditions: Conditions,
  filter: ResolvedFilter,
  way: Way | undefined,
): void {
  const { equal, statuses, notStatuses, urlPrefix, statusCode } = filter
  // With the + a column is filtered along the index that was chosen, which is in the order of time.
  const plus = (key: Way): string => (way === undefined || way === key ? '' : '+')
  for (const [key, value] of equal) {
    if (key === 'method' || key === 'direction')
      conditions.add(behindSql(`${KEY_SQL[key]} = ?`), behindText(key, value), value)
    else conditions.add(`${plus(key)}${KEY_SQL[key]} = ?`, value)
  }
  if (statuses?.length === 1) conditions.add(`${plus('status')}status = ?`, ...statuses)
  else if (statuses !== undefined)
    conditions.add(`+status IN (${placesFor(statuses)})`, ...statuses)
  if (notStatuses.length > 0)
    conditions.add(`ifnull(status NOT IN (${placesFor(notStatuses)}), 1)`, ...notStatuses)
  if (statusCode !== undefined) {
    const { from: low, to: high } = statusCode
    if (low === high) conditions.add(`${plus('statusCode')}status_code = ?`, low)
    else conditions.add('+status_code BETWEEN ? AND ?', low, high)
  }
  if (urlPrefix !== undefined)
    conditions.add(
      behindSql(`substr(${URL_SQL}, 1, length(?)) = ?`),
      ...[behindText('url', urlPrefix), urlPrefix, urlPrefix],
    )
}

/** Adds the time of a filter, on the column that the way is ordered by. */
export function addTimes(
  conditions: Conditions,
  { from, to, after }: Pick<ResolvedFilter, 'from' | 'to' | 'after'>,
  column: 'created_at' | 'made_at',
): void {
  if (from !== undefined) conditions.add(`${column} >= ?`, from)
  if (to !== undefined) conditions.add(`${column} < ?`, to)
  if (after === undefined) return
  // Columns of two tables are no range of an index, so that its end is named too.
  if (column === 'made_at') conditions.add(`${column} <= ?`, after.createdAt)
  conditions.add(`(${column}, id) < (?, ?)`, after.createdAt, after.id)
}

function placesFor(values: readonly string[]): string {
  return values.map(() => '?').join(', ')
}
