import type { ObservedQuery } from '../observed-query.js'
import type { Observation } from './observed-database.js'

type Step = (this: unknown, ...args: unknown[]) => unknown

/** Ends a query when an iterator of its rows has come to its end, is left, or throws. One that nobody goes on with has no end. */
export function observeIterator(
  iterator: unknown,
  query: ObservedQuery,
  observation: Observation,
): unknown {
  if (typeof iterator !== 'object' || iterator === null) return iterator
  let rows = 0
  const steps = iterator as Record<string, Step | undefined>
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
          const result = step.apply(this, args)
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
  return iterator
}

function isDone(result: unknown): boolean {
  return (result as { readonly done?: unknown } | undefined)?.done === true
}
