import { types } from 'node:util'

/** Reads a property of a thrown value; undefined when its getter or Proxy trap throws. */
export function readField(from: object, key: PropertyKey): unknown {
  try {
    return (from as Record<PropertyKey, unknown>)[key]
  } catch {
    return undefined
  }
}

/**
 * Whether a value is an error of any realm. `instanceof` is false for errors of a `node:vm` context, and for the data of an error
 * that came as a message from another thread or process. Never throws.
 */
export function isErrorObject(value: unknown): value is Error {
  if (typeof value !== 'object' || value === null) return false
  try {
    // `instanceof` first, because `isNativeError` is a slower native call.
    if (value instanceof Error || types.isNativeError(value)) return true
  } catch {
    // A Proxy trap threw: its fields decide.
  }
  return (
    typeof readField(value, 'message') === 'string' && typeof readField(value, 'stack') === 'string'
  )
}

/** The name of a minified class. */
const MINIFIED = /^[\w$]{1,2}$/

/**
 * The name under which a thrown object is shown: the `name` of an error where that says more than its class, else the name of
 * its class; `object` when it has neither. Never throws.
 *
 * The name `TimeoutError` says more than the class `DOMException`, an SDK's `AccessDenied` more than `ServiceException`. The name
 * `Error` says less than the class, and so does an inherited name (`class OutOfStock extends RangeError`).
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

// Reads each property by its name in the code, which V8 optimizes; one function for all keys would be several times slower.
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

/** Whether a property is inherited from a class above the object's own class. */
function isOfClassAbove(thrown: object, key: string): boolean {
  try {
    const prototype: object | null = Object.getPrototypeOf(thrown)
    return !Object.hasOwn(thrown, key) && (prototype === null || !Object.hasOwn(prototype, key))
  } catch {
    // A Proxy trap threw.
    return false
  }
}
