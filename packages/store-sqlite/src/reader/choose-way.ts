import type { RecordKind, ResolvedFilter, TallyField } from '@fastify-scs/store/adapter'
import type { Connection, SqlValue } from '../driver/driver.js'
import { originTable } from '../file/columns.js'
import { addTimes, Conditions, IN_TIME, KEY_SQL, ORIGIN_KEYS, type Way } from './conditions.js'

/** Records of one key that are read one by one without a look for a better way: some 10 ms. */
const MANY_ROWS = 10_000
/** So few that no other key is looked at. */
const FEW_ROWS = 500

/** Keys with an index in the order of time, those that few records share first; the records of a release are near each other. */
const RANKED: readonly Way[] = [
  'traceId',
  'key',
  'remoteId',
  'requestId',
  'referenceId',
  'fingerprint',
  'user',
  'route',
  'referenceType',
  'release',
  'statusCode',
  'status',
  'service',
  'level',
]
/** Keys of which a record has one that hardly any other has. */
const UNIQUE: ReadonlySet<Way> = new Set(['traceId', 'key', 'remoteId'])

/**
 * The key whose index a search goes along. SQLite keeps no statistics here, and would take any: so the entries of each key are
 * counted, up to a number. Where all of them are many, and the index of the time tells of each record whether it matches, that one
 * is read, a tenth of a second for a million records; else the search goes along the key that ranks first.
 */
export function chooseWay(
  connection: Connection,
  kind: RecordKind,
  filter: ResolvedFilter,
): Way | undefined {
  const keys = keysOf(filter)
  const ways = RANKED.filter((way) => keys.has(way))
  const [first] = ways
  if (first === undefined || UNIQUE.has(first)) return first
  const isInTime = isAllInTime(filter)
  if (conditionsOf(filter) === 1 || (ways.length === 1 && !isInTime)) return first
  const { way, rows } = fewest(connection, kind, filter)
  return rows >= MANY_ROWS && isInTime ? 'time' : way
}

/**
 * What is gone along to count all records of a filter by a field: a key that few of them have; else the time, where its index has all that
 * is looked at; else what a search goes along.
 */
export function chooseCounting(
  connection: Connection,
  kind: RecordKind,
  filter: ResolvedFilter,
  by: TallyField | undefined,
): Way {
  if (conditionsOf(filter) === 0) return 'time'
  // It has two indexes only.
  if (kind === 'route_stats') return keysOf(filter).has('route') ? 'route' : 'time'
  const isInTime = isAllInTime(filter) && (by === undefined || IN_TIME.has(by))
  if (!isInTime) return chooseWay(connection, kind, filter) ?? 'time'
  const { way, rows } = fewest(connection, kind, filter)
  return rows < MANY_ROWS ? way : 'time'
}

/** The key of a filter that the fewest records have, and how many, up to `MANY_ROWS`; the time where it has no key. */
function fewest(
  connection: Connection,
  kind: RecordKind,
  filter: ResolvedFilter,
): { readonly way: Way; readonly rows: number } {
  const keys = keysOf(filter)
  let least: { way: Way; rows: number } = { way: 'time', rows: Number.POSITIVE_INFINITY }
  for (const way of RANKED.filter((each) => keys.has(each))) {
    const rows = countUpTo(connection, kind, { way, value: keys.get(way) ?? null, filter })
    if (rows < least.rows) least = { way, rows }
    if (rows <= FEW_ROWS) break
  }
  return least
}

function keysOf({ equal, statuses, statusCode }: ResolvedFilter): ReadonlyMap<Way, SqlValue> {
  const keys = new Map<Way, SqlValue>(equal)
  const [status] = statuses ?? []
  if (statuses?.length === 1 && status !== undefined) keys.set('status', status)
  if (statusCode !== undefined && statusCode.from === statusCode.to)
    keys.set('statusCode', statusCode.from)
  return keys
}

/** How many fields a filter asks for, besides the time. */
export function conditionsOf(filter: ResolvedFilter): number {
  const { equal, statuses, notStatuses, statusCode, urlPrefix, text } = filter
  const others = [statuses, statusCode, urlPrefix, text].filter((each) => each !== undefined)
  return equal.length + others.length + (notStatuses.length > 0 ? 1 : 0)
}

/** Whether the index of the time has all that a filter asks for. */
export function isAllInTime({ equal, urlPrefix, text }: ResolvedFilter): boolean {
  return urlPrefix === undefined && text === undefined && equal.every(([key]) => IN_TIME.has(key))
}

interface Candidate {
  readonly way: Way
  readonly value: SqlValue
  readonly filter: ResolvedFilter
}

/** How many records of the filter's time have a key, up to `MANY_ROWS`; from the index of the key alone. */
function countUpTo(
  connection: Connection,
  kind: RecordKind,
  { way, value, filter: { from, to, after } }: Candidate,
): number {
  const isByOrigin = ORIGIN_KEYS.has(way)
  const conditions = new Conditions()
  conditions.add(`${columnOf(way)} = ?`, value)
  const until = after === undefined ? to : Math.min(after.createdAt + 1, to ?? after.createdAt + 1)
  addTimes(conditions, { from, to: until, after: undefined }, isByOrigin ? 'made_at' : 'created_at')
  const table = isByOrigin ? originTable(kind) : kind
  const sql = `SELECT count(*) AS rows FROM (SELECT 1 FROM ${table} ${conditions.where} LIMIT ${MANY_ROWS})`
  return (connection.prepare(sql).get(...conditions.values) as { rows: number }).rows
}

function columnOf(way: Way): string {
  if (way === 'time') return 'created_at'
  if (way === 'status') return 'status'
  return way === 'statusCode' ? 'status_code' : KEY_SQL[way]
}
