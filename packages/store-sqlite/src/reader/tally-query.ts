import type {
  RecordKind,
  ResolvedFilter,
  ResolvedTally,
  TallyField,
} from '@fastify-scs/store/adapter'
import { originTable } from '../file/columns.js'
import {
  addKeys,
  addTimes,
  Conditions,
  KEY_SQL,
  ORIGIN_KEYS,
  type Query,
  type Way,
} from './conditions.js'
import { inTimeSql } from './deadline.js'
import { besideOf, tables } from './query.js'

/** The column that records are counted by; `type` is the type of an audit event, its fingerprint. */
export function columnOf(by: TallyField): string {
  if (by === 'status') return 'status'
  if (by === 'statusCode') return 'status_code'
  return by === 'type' ? KEY_SQL.fingerprint : KEY_SQL[by]
}

/** Where the values of a field stand in an index together with the time. */
interface Indexed {
  readonly table: string
  readonly rowNumber: string
  readonly column: string
  readonly time: 'created_at' | 'made_at'
}

function indexedOf(kind: RecordKind, by: TallyField): Indexed {
  const column = columnOf(by)
  return ORIGIN_KEYS.has(by)
    ? { table: originTable(kind), rowNumber: 'record', column, time: 'made_at' }
    : { table: kind, rowNumber: 'rowid', column, time: 'created_at' }
}

function distinctValues({ table, column }: Indexed): string {
  return `RECURSIVE known (value) AS (
    SELECT min(${column}) FROM ${table} WHERE ${column} IS NOT NULL
    UNION ALL
    SELECT (SELECT min(${column}) FROM ${table} WHERE ${column} > known.value) FROM known
      WHERE known.value IS NOT NULL)`
}

/** How many values a field has, up to a number; each is one step in the index of the field. */
export function valuesQuery(kind: RecordKind, by: TallyField, most: number): Query {
  const sql = `WITH ${distinctValues(indexedOf(kind, by))}
    SELECT count(*) AS found FROM (SELECT 1 FROM known LIMIT ?)`
  return { sql, values: [most] }
}

/** How many records a time has, up to a number. */
export function rowsQuery(kind: RecordKind, { from, to }: ResolvedFilter, most: number): Query {
  const conditions = new Conditions()
  addTimes(conditions, { from, to, after: undefined }, 'created_at')
  const sql = `SELECT count(*) AS found FROM (SELECT 1 FROM ${kind} ${conditions.where} LIMIT ?)`
  return { sql, values: [...conditions.values, most] }
}

/** Counts few values, each in its part of the index of the field; only for a filter that asks for nothing but the time. */
export function tallyByValue(kind: RecordKind, { by, filter }: ResolvedTally): Query {
  const indexed = indexedOf(kind, by)
  const { table, rowNumber, column, time } = indexed
  const { from = 0, to = Number.MAX_SAFE_INTEGER } = filter
  const span = `${column} = known.value AND ${time} >= ? AND ${time} < ?`
  return {
    // MATERIALIZED: else each value is counted again wherever its count is asked for.
    sql: `WITH ${distinctValues(indexed)}, counted AS MATERIALIZED (
      SELECT value, (SELECT count(*) FROM ${table} WHERE ${inTimeSql(rowNumber)} AND ${span}) AS count,
        (SELECT max(${time}) FROM ${table} WHERE ${span}) AS lastAt
      FROM known WHERE value IS NOT NULL)
      SELECT value, count, lastAt FROM counted WHERE count > 0`,
    values: [from, to, from, to],
  }
}

/** Counts many values along all of the index of the field; only for a filter that asks for nothing but the time. */
export function tallyByIndex(kind: RecordKind, { by, filter }: ResolvedTally): Query {
  const { table, rowNumber, column, time } = indexedOf(kind, by)
  const { from = 0, to = Number.MAX_SAFE_INTEGER } = filter
  return {
    sql: `SELECT ${column} AS value, count(*) AS count, max(${time}) AS lastAt FROM ${table}
      WHERE ${inTimeSql(rowNumber)} AND ${column} IS NOT NULL AND +${time} >= ? AND +${time} < ?
      GROUP BY ${column}`,
    values: [from, to],
  }
}

/** Counts the records that a filter finds, along a key of the filter or the time. */
export function tallyByFilter(
  kind: RecordKind,
  { by, filter }: ResolvedTally,
  way: Way = 'time',
): Query {
  const isByOrigin = ORIGIN_KEYS.has(way)
  const column = columnOf(by)
  const conditions = new Conditions()
  conditions.add(inTimeSql(isByOrigin ? 'origin.record' : `${kind}.rowid`))
  conditions.add(`+${column} IS NOT NULL`)
  addKeys(conditions, filter, way)
  addTimes(conditions, filter, isByOrigin ? 'made_at' : 'created_at')
  return {
    sql: `SELECT ${column} AS value, count(*) AS count, max(created_at) AS lastAt
      FROM ${tables(kind, way, besideOf(filter, by))} ${conditions.where} GROUP BY +${column}`,
    values: conditions.values,
  }
}
