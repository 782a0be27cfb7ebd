import { types } from 'node:util'

/** Reads a property of whatever was thrown; one whose getter or Proxy trap throws counts as not there. */
export function readField(from: object, key: PropertyKey): unknown {
  try {
    return (from as Record<PropertyKey, unknown>)[key]
  } catch {
    return undefined
  }
}

/**
 * Whether a value is an error, of whichever realm: `instanceof` knows neither the errors of a `node:vm` context nor what
 * is left of one that came as a message from another thread or process. Never throws.
 */
export function isErrorObject(value: unknown): value is Error {
  if (typeof value !== 'object' || value === null) return false
  try {
    // The class first: the engine is asked by a call out of JavaScript.
    if (value instanceof Error || types.isNativeError(value)) return true
  } catch {
    // A Proxy trap threw: the fields decide.
  }
  return (
    typeof readField(value, 'message') === 'string' && typeof readField(value, 'stack') === 'string'
  )
}
