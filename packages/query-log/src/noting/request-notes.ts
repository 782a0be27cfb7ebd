import { performance } from 'node:perf_hooks'
import type { ObservedQuery, QueryEnd, QueryStart } from '../observed-query.js'
import type { AppQueries } from './app-queries.js'
import { BusyTime } from './busy-time.js'
import { errorCodeOf } from './error-code.js'
import { type HeldStatement, HeldStatements } from './held-statements.js'

/** The queries of one request. */
export class RequestNotes {
  readonly app: AppQueries
  readonly statements = new HeldStatements()
  /** The first ones, one by one. */
  readonly runs: NotedQuery[] = []
  readonly busy = new BusyTime()
  /** Of all queries, with those that are only counted. */
  count = 0
  /** From the monotonic clock to milliseconds since 1970. */
  readonly clockOffsetMs = Date.now() - performance.now()

  constructor(app: AppQueries) {
    this.app = app
  }

  begin(start: QueryStart): ObservedQuery {
    const statement = this.statements.of(start.system, start.statement)
    const query = new NotedQuery(this, statement, performance.now())
    this.count += 1
    this.app.queries += 1
    statement.times += 1
    if (this.runs.length < this.app.settings.maxQueries) this.runs.push(query)
    else this.app.leftOut += 1
    this.busy.begin(query.startedAt)
    return query
  }
}

/** One query: all that is allocated for it. */
export class NotedQuery implements ObservedQuery {
  readonly statement: HeldStatement
  /** Milliseconds of the monotonic clock. */
  startedAt: number
  /** 0 as long as it has no connection, or where that is not told. */
  connectedAt = 0
  /** 0 while it runs. */
  endedAt = 0
  /** Null while it runs, and where it cannot be known. */
  durationMs: number | null = null
  rows: number | null = null
  errorCode: string | null = null
  readonly #notes: RequestNotes

  constructor(notes: RequestNotes, statement: HeldStatement, startedAt: number) {
    this.#notes = notes
    this.statement = statement
    this.startedAt = startedAt
  }

  connected(wasIdle?: boolean): void {
    if (this.connectedAt !== 0 || this.endedAt !== 0) return
    this.connectedAt = wasIdle ? this.startedAt : performance.now()
  }

  end(end?: QueryEnd): void {
    if (this.endedAt !== 0) return
    this.endedAt = performance.now()
    let isEndSeen = true
    try {
      if (end !== undefined) isEndSeen = this.#take(end)
    } catch (error) {
      this.#notes.app.failed(error)
    }
    this.#notes.busy.end(this.startedAt, this.endedAt)
    if (!isEndSeen) return
    this.durationMs = this.endedAt - this.startedAt
    this.statement.durationMs += this.durationMs
  }

  /** @returns whether the end was seen. */
  #take({ rows, error, durationMs }: QueryEnd): boolean {
    if (typeof rows === 'number' && rows >= 0) this.rows = rows
    if (error !== undefined) this.errorCode = errorCodeOf(error)
    if (durationMs === null) this.startedAt = this.endedAt
    else if (typeof durationMs === 'number' && durationMs >= 0)
      this.startedAt = this.endedAt - durationMs
    return durationMs !== null
  }
}
