import type {
  RecordKind,
  ResolvedFilter,
  ResolvedTally,
  Tally,
  TallyItem,
} from '@fastify-scs/store/adapter'
import type { Connection } from '../driver/driver.js'
import { chooseCounting, conditionsOf } from './choose-way.js'
import type { Query } from './conditions.js'
import { rowsQuery, tallyByFilter, tallyByIndex, tallyByValue, valuesQuery } from './tally-query.js'

/** Values of a field that are counted one by one in its index. */
const FEW_VALUES = 2_000
/** The part of the records from which reading all of an index is cheaper than reading so many records. */
const INDEX_SHARE = 1 / 10

interface CountedValue extends TallyItem {
  readonly total: number
}

/** Counts records by a field. */
export class TallyReader {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  read(kind: RecordKind, query: ResolvedTally): Tally {
    const { sql, values } = this.#queryFor(kind, query)
    const most = `SELECT CAST(value AS TEXT) AS value, count, lastAt, sum(count) OVER () AS total
      FROM (${sql}) ORDER BY count DESC, CAST(value AS TEXT) LIMIT ?`
    const rows = this.#connection.prepare(most).all(...values, query.limit) as CountedValue[]
    const items = rows.map(({ value, count, lastAt }) => ({ value, count, lastAt }))
    return { items, total: rows[0]?.total ?? 0 }
  }

  #queryFor(kind: RecordKind, query: ResolvedTally): Query {
    const { by, filter } = query
    if (kind === 'route_stats' || conditionsOf(filter) > 0)
      return tallyByFilter(kind, query, chooseCounting(this.#connection, kind, filter, by))
    if (this.#found(valuesQuery(kind, by, FEW_VALUES)) < FEW_VALUES)
      return tallyByValue(kind, query)
    return this.#isMuch(kind, filter) ? tallyByIndex(kind, query) : tallyByFilter(kind, query)
  }

  #isMuch(kind: RecordKind, filter: ResolvedFilter): boolean {
    // Each of the two is one step in the table; in one statement they would be a walk through all of it.
    const all = `SELECT (SELECT max(rowid) FROM ${kind}) - (SELECT min(rowid) FROM ${kind}) AS found`
    const much = Math.ceil(this.#found({ sql: all, values: [] }) * INDEX_SHARE)
    return this.#found(rowsQuery(kind, filter, much)) >= much
  }

  #found({ sql, values }: Query): number {
    const { found } = this.#connection.prepare(sql).get(...values) as { found: number | null }
    return found ?? 0
  }
}
