import { currentRequest } from '@fastify-scs/core'
import { runForRequest } from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'
import type { ObservedQuery } from '../observed-query.js'
import { beginQuery, observerFailed } from '../request-queries.js'
import { hide } from './hidden-property.js'

/*
 * What is used of pg beyond its documented API, as of pg 8.23 and pg-pool 3.14:
 *
 * - `client._queryQueue` (`queryQueue` before 8.16): every query is pushed to this array before it is sent. If it is gone, `observePg` refuses
 *   a client, and the queries of a pool's clients are not noted.
 * - `handleReadyForQuery` and `handleError` of a query: one of them is called at its end, before its callback is called or its promise
 *   settled. If they are renamed, queries are noted without an end.
 * - `_results` and `_canceledDueToError` of a query: if they are gone, rows are not known, and a row that a type parser cannot read counts as read.
 * - `pool._clients`: if it is gone, clients that were in use when the pool was observed are first observed at their next checkout.
 * - `pool.Promise` makes the promise that `pool.connect()` returns. If it is not asked for any more, waits for such a client are not noted.
 *
 * Nothing else depends on it: whatever is not found, the queries run as they would.
 */

/** The name that OpenTelemetry has for it. */
export const POSTGRESQL = 'postgresql'

/** A query in pg's queue: pg's own, or a `Submittable` such as a cursor or a COPY stream. */
interface PgQuery extends Worded {
  readonly rowCount?: unknown
  readonly rows?: unknown
  readonly _results?: unknown
  readonly _canceledDueToError?: unknown
  handleReadyForQuery: (connection: unknown) => unknown
  handleError: (error: unknown, connection: unknown) => unknown
  [NOTED]?: Noted
}

/** What is known of a query while it runs. */
interface Noted {
  readonly request: FastifyRequest | undefined
  readonly observed: ObservedQuery | undefined
  readonly handleReadyForQuery: PgQuery['handleReadyForQuery']
  readonly handleError: PgQuery['handleError']
}

/** What a pool says about the query that it is about to pass to a client. */
export interface ClientNotes {
  /** The query that the pool has begun, null if it is not to be noted; undefined where the client is asked by somebody else. */
  next: ObservedQuery | null | undefined
  /** The request that has asked for it. */
  request: FastifyRequest | undefined
}

const NOTED: unique symbol = Symbol('@fastify-scs/query-log/noted')
const NOTES: unique symbol = Symbol('@fastify-scs/query-log/notes')

/** The notes of a client that is observed. */
export function notesOf(client: object | undefined): ClientNotes | undefined {
  return (client as { [NOTES]?: ClientNotes } | undefined)?.[NOTES]
}

/** Observes a client, once; false where its queue of queries is not found. */
export function observeClient(client: object): boolean {
  if (notesOf(client) !== undefined) return true
  const queue = queueOf(client)
  if (queue === undefined) return false
  const notes: ClientNotes = { next: undefined, request: undefined }
  hide(client, NOTES, notes)
  hide(queue, 'push', function push(this: unknown[], query: unknown): number {
    noteQuery(query, notes)
    return Array.prototype.push.call(this, query)
  })
  return true
}

/** The clients that a pool has made. */
export function clientsOf(pool: object): readonly object[] {
  const { _clients: clients } = pool as { _clients?: unknown }
  return Array.isArray(clients) ? clients : []
}

/** Whether the clients are those over libpq: their queries end in another way, which is not observed. */
export function isNative(poolOrClient: object): boolean {
  if ('native' in poolOrClient) return true
  const { Client } = poolOrClient as { Client?: { Query?: { prototype?: object } } }
  const prototype = Client?.Query?.prototype
  return prototype !== undefined && !('handleReadyForQuery' in prototype)
}

/** Calls a function of somebody else as he would have called it. */
export function callAs<Self, Args extends unknown[], Result>(
  run: (this: Self, ...args: Args) => Result,
  self: Self,
  ...args: Args
): Result {
  return run.apply(self, args)
}

function queueOf(client: object): unknown[] | undefined {
  // Only to be read where it is not: since 8.16 reading it prints a warning of deprecation.
  const queue =
    '_queryQueue' in client
      ? client._queryQueue
      : (client as { readonly queryQueue?: unknown }).queryQueue
  return Array.isArray(queue) ? queue : undefined
}

function noteQuery(given: unknown, notes: ClientNotes): void {
  const { next } = notes
  const request = next === undefined ? currentRequest() : notes.request
  notes.next = undefined
  notes.request = undefined
  let observed = next ?? undefined
  try {
    const query = given as PgQuery
    if (next === undefined) {
      observed = beginQuery({ system: POSTGRESQL, statement: statementOf(query) }, request)
    }
    watchEnd(query, request, observed)
  } catch (error) {
    // Somebody else's class whose properties cannot be read or set.
    observerFailed(error)
    observed?.end({ durationMs: null })
  }
}

function watchEnd(
  query: PgQuery,
  request: FastifyRequest | undefined,
  observed: ObservedQuery | undefined,
): void {
  const earlier = query[NOTED]
  const { handleReadyForQuery, handleError } = earlier ?? query
  const noted = { request, observed, handleReadyForQuery, handleError }
  if (earlier === undefined && query._results !== undefined) {
    query[NOTED] = noted
    query.handleReadyForQuery = readyForQuery
    query.handleError = failed
  } else {
    // A `Submittable`, which the application has made and may look at; or one that it submits again.
    hide(query, NOTED, noted)
    hide(query, 'handleReadyForQuery', readyForQuery)
    hide(query, 'handleError', failed)
  }
}

/** The text of a query; that of a stream is its cursor's. Where pg knows a prepared statement by its name: the name. */
export function statementOf(query: Worded): string {
  const text = query.text ?? query.cursor?.text ?? query.name
  return typeof text === 'string' ? text : ''
}

interface Worded {
  readonly text?: unknown
  readonly name?: unknown
  readonly cursor?: { readonly text?: unknown }
}

function readyForQuery(this: PgQuery, connection: unknown): unknown {
  const noted = this[NOTED] as Noted
  if (!this._canceledDueToError) noted.observed?.end({ rows: rowsOf(this) })
  return runForRequest(noted.request, callAs, noted.handleReadyForQuery, this, connection)
}

function failed(this: PgQuery, error: unknown, connection: unknown): unknown {
  const noted = this[NOTED] as Noted
  noted.observed?.end({ error: this._canceledDueToError || error })
  return runForRequest(noted.request, callAs, noted.handleError, this, error, connection)
}

/** Not known of a cursor: the server tells how many rows the last piece had. */
function rowsOf(query: PgQuery): number | undefined {
  const results: unknown = query._results ?? query
  if (query._results !== undefined && query.rows) return undefined
  if (!Array.isArray(results)) return rowCountOf(results)
  return results.reduce<number | undefined>((sum, result) => {
    const rows = rowCountOf(result)
    return rows === undefined ? sum : (sum ?? 0) + rows
  }, undefined)
}

function rowCountOf(result: unknown): number | undefined {
  const { rowCount } = result as { rowCount?: unknown }
  return typeof rowCount === 'number' ? rowCount : undefined
}
