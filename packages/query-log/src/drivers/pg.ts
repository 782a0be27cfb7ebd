import { currentRequest } from '@fastify-scs/core'
import { runForRequest } from '@fastify-scs/core/kit'
import { NotObservableError } from '../errors.js'
import type { ObservedQuery } from '../observed-query.js'
import { beginQuery } from '../request-queries.js'
import {
  callAs,
  clientsOf,
  isNative,
  notesOf,
  observeClient,
  POSTGRESQL,
  statementOf,
} from './compat-pg.js'
import { hide } from './hidden-property.js'

/** What is asked of a `Pool` or `Client` of pg. */
export interface ObservablePg {
  // Only their names: the arguments of pg's functions are many.
  query: unknown
  connect: unknown
  on: unknown
}

type Checkout = (this: unknown, error: unknown, client?: object, release?: unknown) => void

interface PgPool {
  readonly totalCount: number
  readonly idleCount: number
  readonly waitingCount: number
  readonly ending: boolean
  Promise?: PromiseConstructor
  query: (this: PgPool, text?: unknown, values?: unknown, callback?: unknown) => unknown
  connect: (this: PgPool, callback?: Checkout) => unknown
  on(event: 'acquire', listener: (client: object) => void): unknown
}

const OBSERVED: unique symbol = Symbol('@fastify-scs/query-log/observed')

/**
 * Notes the queries of a `Pool` or a `Client` of pg for the requests that ask for them; before or after it has connected, once or
 * again. Returns the same object, whose queries go on as they would: results, errors, promises and order are pg's.
 * The callback of a query or a checkout runs with the request that gave it as `currentRequest()`.
 *
 * @throws SCS_QUERY_LOG_ERR_NOT_OBSERVABLE for anything else, and for those of `pg.native`
 */
export function observePg<Observable extends ObservablePg>(poolOrClient: Observable): Observable {
  if (typeof poolOrClient !== 'object' || poolOrClient === null || isNative(poolOrClient)) {
    throw notObservable(poolOrClient)
  }
  if (isPool(poolOrClient)) observePool(poolOrClient)
  else if (!observeClient(poolOrClient)) throw notObservable(poolOrClient)
  return poolOrClient
}

function isPool(value: object): value is PgPool {
  const { totalCount, query, connect, on } = value as Partial<PgPool>
  if (typeof totalCount !== 'number') return false
  return typeof query === 'function' && typeof connect === 'function' && typeof on === 'function'
}

function notObservable(value: unknown): Error {
  const found = Object(value) === value ? 'another object' : String(value)
  return new NotObservableError('observePg', 'a Pool or Client of pg, not of pg.native', found)
}

function observePool(pool: PgPool): void {
  if (Object.hasOwn(pool, OBSERVED)) return
  hide(pool, OBSERVED, true)
  for (const client of clientsOf(pool)) observeClient(client)
  pool.on('acquire', observeClient)
  const { query: queryOfPool, connect: connectOfPool } = pool
  // What is asked while the pool's `query` runs, which checks a client out at once; undefined at any other time.
  let asked: unknown
  hide(pool, 'query', function query(this: PgPool, text?: unknown, values?: unknown, cb?: unknown) {
    asked = text ?? undefined
    try {
      return queryOfPool.call(this, text, values, cb)
    } finally {
      asked = undefined
    }
  })
  hide(pool, 'connect', function connect(this: PgPool, callback?: Checkout) {
    const statement = asked
    asked = undefined
    if (callback === undefined) return connectWatched(this, connectOfPool)
    if (typeof callback !== 'function') return connectOfPool.call(this, callback)
    const checkout =
      statement === undefined ? checkoutOf(this, callback) : queryOf(this, statement, callback)
    return checkOut(this, connectOfPool, checkout)
  })
}

/** A connection that is opened for a request outlives it: it belongs to none, and does not keep it in memory. */
function checkOut(pool: PgPool, connect: PgPool['connect'], callback?: Checkout): unknown {
  if (pool.idleCount > 0) return connect.call(pool, callback)
  return runForRequest(undefined, callAs, connect, pool, callback)
}

/** What the pool calls for a query of its own once there is a client: in the asynchronous context of whoever has given that back. */
function queryOf(pool: PgPool, asked: unknown, callback: Checkout): Checkout {
  const request = currentRequest()
  const isIdle = hasIdle(pool)
  const observed = beginQuery({ system: POSTGRESQL, statement: textOf(asked) }, request)
  return function checkedOut(error, client, release) {
    const notes = notesOf(client)
    if (error) observed?.end({ error })
    else observed?.connected(isIdle)
    if (notes !== undefined) {
      notes.next = observed ?? null
      notes.request = request
    }
    try {
      runForRequest(request, callAs, callback, this, error, client, release)
    } finally {
      if (notes !== undefined && notes.next !== undefined) {
        // The client has refused it, or has failed on it.
        notes.next = undefined
        notes.request = undefined
        observed?.end({ error: REFUSED })
      }
    }
  }
}

/** What the pool calls when the application has asked for a client with a callback. */
function checkoutOf(pool: PgPool, callback: Checkout): Checkout {
  const request = currentRequest()
  const waiting = beginWait(pool)
  return function checkedOut(error, client, release) {
    if (!error) waiting?.connected()
    waiting?.end(error ? { error } : undefined)
    runForRequest(request, callAs, callback, this, error, client, release)
  }
}

/** Asks for a client with a promise; who awaits it goes on in his own context. */
function connectWatched(pool: PgPool, connect: PgPool['connect']): unknown {
  const Original = pool.Promise
  if (typeof Original !== 'function' || pool.ending) return checkOut(pool, connect)
  const waiting = beginWait(pool)
  if (waiting === undefined) return checkOut(pool, connect)
  // A `.then` on the pool's promise would hide that nobody else handles its rejection. So the pool makes the same promise of the same
  // class, and tells first.
  pool.Promise = function Watched(executor: (resolve: Settle, reject: Settle) => void) {
    return new Original((resolve, reject) =>
      executor(
        (client) => {
          waiting.connected()
          waiting.end()
          resolve(client)
        },
        (error) => {
          waiting.end({ error })
          reject(error)
        },
      ),
    )
  } as unknown as PromiseConstructor
  try {
    return checkOut(pool, connect)
  } finally {
    pool.Promise = Original
  }
}

type Settle = (value?: unknown) => void

/** Begins the wait for a client as an entry of its own; nothing where there is an idle one for whoever asks now. */
function beginWait(pool: PgPool): ObservedQuery | undefined {
  if (hasIdle(pool)) return undefined
  return beginQuery({ system: POSTGRESQL, statement: checkoutName })
}

function hasIdle(pool: PgPool): boolean {
  return pool.idleCount > pool.waitingCount
}

function checkoutName(): string {
  return 'pool.connect()'
}

const REFUSED = { name: 'Error' }

function textOf(asked: unknown): string {
  try {
    if (typeof asked === 'string') return asked
    return statementOf(Object(asked) as object)
  } catch {
    return ''
  }
}
