import type { ObservedQuery } from '../observed-query.js'
import { beginQuery } from '../request-queries.js'
import { notesOf } from './compat-pg.js'
import { hide } from './hidden-property.js'

/*
 * What is used of knex beyond its documented API, as of knex 3.3:
 *
 * - A dialect's client has `_query(connection, query)` and `_stream(connection, query, stream, options)`, through which each statement goes,
 *   and whose promises knex itself handles. If they are renamed, `observeKnex` refuses the instance.
 * - `client.transaction()` returns an object whose `trxClient` is set, later, to the client of the transaction. If it is not, the queries of
 *   transactions are not noted.
 * - `query.response` is the driver's result. If not, rows are not known.
 * - `acquireConnection` calls `this.pool.acquire()` before it first waits, and awaits its `promise`; tarn's pools have `numFree`. If not, waits for a
 *   connection are not noted.
 * - `withUserParams` copies the client with what can be listed of it: so the properties that are set here can be listed.
 *
 * Nothing else depends on it: whatever is not found, the queries run as they would.
 */

/** The client behind an instance of knex. */
export interface KnexClient {
  readonly dialect?: unknown
  readonly driverName?: unknown
  readonly pool?: KnexPool | undefined
  _query: Send
  _stream: Send
  transaction: (this: KnexClient, ...args: unknown[]) => object
  acquireConnection: (this: KnexClient) => Promise<unknown>
}

type Send = (
  this: KnexClient,
  connection: object,
  query: KnexQuery,
  ...rest: unknown[]
) => Promise<unknown>

interface KnexQuery {
  readonly sql?: unknown
  readonly response?: unknown
}

interface KnexPool {
  numFree?(): number
  acquire: (this: KnexPool) => { readonly promise: Promise<unknown> }
}

const OBSERVED: unique symbol = Symbol('@fastify-scs/query-log/observed')

/** The names that OpenTelemetry has, where knex has others. */
const SYSTEMS: Readonly<Record<string, string>> = {
  sqlite3: 'sqlite',
  mssql: 'microsoft.sql_server',
  oracle: 'oracle.db',
  redshift: 'aws.redshift',
}

/** Observes a client, once; false where it has not what is observed. */
export function observeKnexClient(client: KnexClient): boolean {
  const { _query, _stream, transaction, acquireConnection } = client as Partial<KnexClient>
  for (const method of [_query, _stream, transaction, acquireConnection]) {
    if (typeof method !== 'function') return false
  }
  // A copy of a client that is observed has the same functions.
  if (!(OBSERVED in client._query)) new KnexObserver(client).observe(client)
  return true
}

/** Observes one client of knex and those of its transactions. */
class KnexObserver {
  readonly #system: string
  /** Those that run: where a dialect streams by `_query`, that is the same query. */
  readonly #running = new WeakSet<KnexQuery>()

  constructor({ dialect }: KnexClient) {
    this.#system = typeof dialect === 'string' ? (SYSTEMS[dialect] ?? dialect) : 'other_sql'
  }

  /** Of a transaction's client the connection is known. */
  observe(client: KnexClient): void {
    const { acquireConnection } = client
    const observer = this
    this.#observeQueries(client)
    client.acquireConnection = function acquire(this: KnexClient) {
      return observer.#acquire(this.pool, () => acquireConnection.call(this))
    }
  }

  #observeQueries(client: KnexClient): void {
    const { transaction } = client
    const observer = this
    client._query = Object.assign(this.#watching(client._query), { [OBSERVED]: true })
    client._stream = this.#watching(client._stream)
    client.transaction = function begin(this: KnexClient, ...args: unknown[]) {
      return observer.#observeTransaction(transaction.apply(this, args))
    }
  }

  /** Its client is made when it has its connection, and is a new object without what is set on this one. */
  #observeTransaction(transaction: object): object {
    Object.defineProperty(transaction, 'trxClient', {
      configurable: true,
      enumerable: true,
      get: () => undefined,
      set: (value: KnexClient) => {
        this.#observeQueries(value)
        const settings = { configurable: true, enumerable: true, writable: true }
        Object.defineProperty(transaction, 'trxClient', { ...settings, value })
      },
    })
    return transaction
  }

  #watching(send: Send): Send {
    const observer = this
    return function watched(this: KnexClient, connection, query, ...rest) {
      const observed = observer.#begin(connection, query)
      if (observed === undefined) return send.call(this, connection, query, ...rest)
      observer.#running.add(query)
      try {
        const sent = send.call(this, connection, query, ...rest)
        endWith(observed, sent, () => {
          observer.#running.delete(query)
          return rowsOf(query.response)
        })
        return sent
      } catch (error) {
        observed.end({ error })
        throw error
      }
    }
  }

  #begin(connection: object, query: KnexQuery): ObservedQuery | undefined {
    // A client of a pool of pg that is observed itself.
    if (notesOf(connection) !== undefined || this.#running.has(query)) return undefined
    const statement = typeof query.sql === 'string' ? query.sql : ''
    return beginQuery({ system: this.#system, statement })
  }

  /** The wait for a connection is an entry of its own where none is free. */
  #acquire(pool: KnexPool | undefined, acquire: () => Promise<unknown>): Promise<unknown> {
    if (pool?.numFree?.() !== 0) return acquire()
    const waiting = beginQuery({ system: this.#system, statement: acquireName })
    if (waiting === undefined) return acquire()
    const { acquire: acquireOfPool } = pool
    // The promise that knex returns may be the application's to handle; that of the pool is knex's.
    hide(pool, 'acquire', function watched(this: KnexPool) {
      const operation = acquireOfPool.call(this)
      endWith(waiting, operation.promise, () => {
        waiting.connected()
        return undefined
      })
      return operation
    })
    try {
      return acquire()
    } finally {
      Reflect.deleteProperty(pool, 'acquire')
    }
  }
}

function acquireName(): string {
  return 'acquireConnection()'
}

/** Ends a query with a promise that knex itself handles. */
function endWith(
  observed: ObservedQuery,
  promise: Promise<unknown>,
  rows: () => number | undefined,
): void {
  promise.then(
    () => observed.end({ rows: rows() }),
    (error: unknown) => observed.end({ error }),
  )
}

/** The rows of a driver's result: pg's, mysql's, those of better-sqlite3. */
function rowsOf(response: unknown): number | undefined {
  if (Array.isArray(response)) {
    const counts = response.map(countOf)
    if (response.length > 0 && counts.every((count) => count !== undefined)) {
      return counts.reduce<number>((sum, count) => sum + (count ?? 0), 0)
    }
    return response.length
  }
  return countOf(response)
}

function countOf(result: unknown): number | undefined {
  if (typeof result !== 'object' || result === null) return undefined
  const { rowCount, changes } = result as { rowCount?: unknown; changes?: unknown }
  const count = rowCount ?? changes
  return typeof count === 'number' ? count : undefined
}
