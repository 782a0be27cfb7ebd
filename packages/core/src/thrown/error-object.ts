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

/** What a bundler calls a class once it has minified it. */
const MINIFIED = /^[\w$]{1,2}$/

/**
 * What a thrown object goes by: the `name` of an error where that says more than its class, else the class; `object` for
 * what has neither. Never throws.
 *
 * The name of `TimeoutError` or of an SDK's `AccessDenied` says more than `DOMException` or `ServiceException`. The name
 * `Error`, and one that the class only inherits from a class above it (`class OutOfStock extends RangeError`), says less.
 */
export function nameOfThrown(thrown: object): string {
  const className = classNameOf(thrown)
  if (!isErrorObject(thrown)) return className ?? 'object'
  const name = ownNameOf(thrown)
  if (typeof name !== 'string' || name === '') return className ?? 'Error'
  if (className === undefined || className === 'Object' || MINIFIED.test(className)) return name
  if (name === className) return name
  return name === 'Error' || isOfClassAbove(thrown, 'name') ? className : name
}

// Each property by its name in the code: V8 remembers where it was found, which one reader for all keys would defeat.
function ownNameOf(thrown: Error): unknown {
  try {
    return thrown.name
  } catch {
    // A getter or a Proxy trap threw.
    return undefined
  }
}

function classNameOf(thrown: object): string | undefined {
  try {
    const { constructor: made } = thrown as { readonly constructor?: unknown }
    const name: unknown = typeof made === 'function' ? made.name : undefined
    return typeof name === 'string' && name !== '' ? name : undefined
  } catch {
    return undefined
  }
}

/** Whether a property is neither the object's own nor of its class. */
function isOfClassAbove(thrown: object, key: string): boolean {
  try {
    const prototype: object | null = Object.getPrototypeOf(thrown)
    return !Object.hasOwn(thrown, key) && (prototype === null || !Object.hasOwn(prototype, key))
  } catch {
    // A Proxy trap threw.
    return false
  }
}
