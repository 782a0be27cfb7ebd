import type { RecordKind, ResolvedFilter, TallyField } from '@fastify-scs/store/adapter'
import type { SqlValue } from '../driver/driver.js'
import {
  COLUMNS,
  EXTRA_COLUMNS,
  extraTable,
  IN_SUMMARY_SQL,
  ORIGIN_COLUMNS,
  originTable,
} from '../file/columns.js'
import { wordsTable } from '../writer/word-index.js'
import {
  addKeys,
  addTimes,
  Conditions,
  EXTRA_KEYS,
  ORIGIN_KEYS,
  type Query,
  type Way,
} from './conditions.js'
import { inTimeSql } from './deadline.js'

const FIELDS = [...COLUMNS, ...EXTRA_COLUMNS, ...ORIGIN_COLUMNS]
  .filter(([, field]) => field !== 'searchText')
  .map(([column, field]) => `${column} AS ${field}`)
  .join(', ')

/** Keys of the tables beside that few records share, so that the search begins there whatever else is asked for. */
const FIRST_WAYS: readonly Way[] = ['key', 'remoteId', 'traceId']

/** The query for one record. */
export function getQuery(kind: RecordKind, id: string): Query {
  return { sql: `SELECT ${FIELDS} FROM ${tables(kind)} WHERE id = ?`, values: [id] }
}

/** How rows are found. */
export interface FindOptions {
  /** The key whose index is used; without one SQLite chooses. */
  readonly way?: Way | undefined
  /** Where there is an index of words, `text` also finds rows whose bodies have all its words. @default false */
  readonly hasWords?: boolean
}

/** The query for rows that match, newest first. */
export function findQuery(
  kind: RecordKind,
  filter: ResolvedFilter,
  { way = firstWayOf(filter), hasWords = false }: FindOptions = {},
): Query {
  const isByOrigin = way !== undefined && ORIGIN_KEYS.has(way)
  const time = isByOrigin ? 'made_at' : 'created_at'
  const conditions = new Conditions()
  conditions.add(inTimeSql(isByOrigin ? 'origin.record' : `${kind}.rowid`))
  addKeys(conditions, filter, way)
  addTimes(conditions, filter, time)
  const text = textQuery(kind, filter, hasWords)
  if (text !== undefined) conditions.add(text.sql, ...text.values)
  const sql = `SELECT ${FIELDS} FROM ${tables(kind, way)} ${conditions.where}
    ORDER BY ${time} DESC, id DESC LIMIT ?`
  return { sql, values: [...conditions.values, filter.limit] }
}

/** The way that needs no look at how many records there are; undefined where SQLite may choose. */
function firstWayOf({ equal }: ResolvedFilter): Way | undefined {
  const first = FIRST_WAYS.find((way) => equal.some(([key]) => key === way))
  if (first !== undefined) return first
  return equal.find(([key]) => ORIGIN_KEYS.has(key))?.[0]
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
  const ends: SqlValue[] = [from ?? 0, to ?? Number.MAX_SAFE_INTEGER]
  return {
    sql: `(${kind}.rowid IN (SELECT rowid FROM ${table} WHERE ${table} MATCH ?
      AND rowid >= (SELECT min(+rowid) FROM ${kind} WHERE ${span})
      AND rowid <= (SELECT max(+rowid) FROM ${kind} WHERE ${span})) OR ${IN_SUMMARY_SQL})`,
    values: [words.map((word) => `"${word}"`).join(' '), ...ends, ...ends, text],
  }
}

/** The tables beside a kind's own that a statement needs. */
export interface Beside {
  readonly extra: boolean
  readonly origin: boolean
}

/** A kind's table and those beside it, in the order in which they are read. SQLite looks into a table whether or not it is needed. */
export function tables(kind: RecordKind, way?: Way, beside: Beside = ALL_BESIDE): string {
  const extra = `${extraTable(kind)} AS extra`
  const origin = `${originTable(kind)} AS origin`
  const ofExtra = beside.extra ? ` LEFT JOIN ${extra} ON extra.record = ${kind}.rowid` : ''
  const ofOrigin = beside.origin ? ` LEFT JOIN ${origin} ON origin.record = ${kind}.rowid` : ''
  if (way !== undefined && EXTRA_KEYS.has(way))
    return `${extra} CROSS JOIN ${kind} ON ${kind}.rowid = extra.record${ofOrigin}`
  if (way !== undefined && ORIGIN_KEYS.has(way))
    return `${origin} CROSS JOIN ${kind} ON ${kind}.rowid = origin.record${ofExtra}`
  return `${kind}${ofExtra}${ofOrigin}`
}

const ALL_BESIDE: Beside = { extra: true, origin: true }

/** The tables beside that are needed to count what a filter finds by a field. */
export function besideOf({ equal }: ResolvedFilter, by: TallyField | undefined): Beside {
  return {
    extra: equal.some(([key]) => EXTRA_KEYS.has(key)),
    origin:
      (by !== undefined && ORIGIN_KEYS.has(by)) || equal.some(([key]) => ORIGIN_KEYS.has(key)),
  }
}
