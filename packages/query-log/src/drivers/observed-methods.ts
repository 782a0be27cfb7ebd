import { currentRequest } from '@fastify-scs/core'
import type { ObservedQuery, QueryStart } from '../observed-query.js'
import { beginQuery } from '../request-queries.js'

/** What is known of a database that is observed. */
export interface Observation {
  /** Whether a query of it is being noted right now: Node may tell of the same one by its channel. */
  isInside: boolean
}

export type Method = (this: object, ...args: unknown[]) => unknown
export type RowsOf = (result: unknown) => number | undefined
type StartOf = (receiver: object, args: readonly unknown[]) => QueryStart

/** A synchronous method that runs a query to its end. */
export function observedRun(
  observation: Observation,
  run: Method,
  readStart: StartOf,
  rowsOf: RowsOf,
): Method {
  return function observedQuery(...args) {
    const query = begun(readStart, this, args)
    if (query === undefined) return run.apply(this, args)
    const wasInside = observation.isInside
    observation.isInside = true
    try {
      const result = run.apply(this, args)
      query.end({ rows: rowsOf(result) })
      return result
    } catch (error) {
      query.end({ error })
      throw error
    } finally {
      observation.isInside = wasInside
    }
  }
}

/** A method that returns an iterator of rows. */
export function observedIterate(
  observation: Observation,
  iterate: Method,
  readStart: StartOf,
): Method {
  return function observedQuery(...args) {
    const query = begun(readStart, this, args)
    if (query === undefined) return iterate.apply(this, args)
    try {
      const iterator = iterate.apply(this, args)
      if (typeof iterator === 'object' && iterator !== null)
        observeIterator(iterator, query, observation)
      return iterator
    } catch (error) {
      query.end({ error })
      throw error
    }
  }
}

/** Ends a query when the iterator of its rows has come to its end, is left, or throws. One that nobody goes on with has no end. */
function observeIterator(iterator: object, query: ObservedQuery, observation: Observation): void {
  let rows = 0
  const steps = iterator as Record<string, Method | undefined>
  for (const name of ['next', 'return']) {
    const step = steps[name]
    if (step === undefined) continue
    Object.defineProperty(iterator, name, {
      configurable: true,
      writable: true,
      value(...args: unknown[]) {
        const wasInside = observation.isInside
        observation.isInside = true
        try {
          const result = step.apply(this as object, args)
          if (name === 'return' || isDone(result)) query.end({ rows })
          else rows++
          return result
        } catch (error) {
          query.end({ rows, error })
          throw error
        } finally {
          observation.isInside = wasInside
        }
      },
    })
  }
}

/** What runs outside of a request, migrations or a job, runs as if nobody looked: not even its statement is made. */
function begun(
  readStart: StartOf,
  receiver: object,
  args: readonly unknown[],
): ObservedQuery | undefined {
  const request = currentRequest()
  return request === undefined ? undefined : beginQuery(readStart(receiver, args), request)
}

function isDone(result: unknown): boolean {
  return (result as { readonly done?: unknown } | undefined)?.done === true
}
