import { types } from 'node:util'
import { bytesOf } from '../kit/cut-text.js'

/*
 * What single values become in a copy as JSON data, and the markers for what is left out.
 */

/** Stands for what throws when it is read. */
export const UNREADABLE = '[unreadable]'
// Digits of a longer one cost quadratic time.
const BIGINT_CEILING = 1n << 4096n
const DROPPED_BYTES = /\[truncated: (\d+) bytes\]$/
/** Characters behind a cut that decide how it is made: whether the word at the cut goes on. */
export const BEYOND_CUT = 256

/** What a function makes of a text that it cuts to a number of bytes; it is given no more of it than it needs for that. */
export function ofBeginning(
  text: string,
  maxBytes: number,
  make: (text: string) => string,
): string {
  const beginning = text.slice(0, maxBytes + BEYOND_CUT)
  const left = bytesOf(text) - Buffer.byteLength(beginning)
  return make(beginning).replace(DROPPED_BYTES, (_, bytes: string) => {
    return `[truncated: ${Number(bytes) + left} bytes]`
  })
}

/** A property; what throws when it is read is marked as unreadable. */
export function read(holder: object, key: string | number): unknown {
  try {
    return (holder as Record<string | number, unknown>)[key]
  } catch {
    // A getter may throw anything; the other properties are still worth having.
    return UNREADABLE
  }
}

/** The digits of a whole number, unless they are too many. */
export function digits(value: bigint): string {
  return value < BIGINT_CEILING && value > -BIGINT_CEILING ? String(value) : '[truncated: bigint]'
}

/** The key of a Map as text; that of an object is its position. */
export function keyText(key: unknown, index: number): string {
  if (typeof key === 'string') return key
  if (typeof key === 'bigint') return digits(key)
  const isSimple =
    typeof key === 'number' || typeof key === 'boolean' || key === null || key === undefined
  return isSimple ? String(key) : `[key ${index}]`
}

/** ISO 8601; null for an invalid date, as in JSON. */
export function dateText(date: Date): string | null {
  const time = Date.prototype.getTime.call(date)
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}

/** Stands for binary data. */
export function binary(bytes: number): string {
  return `[binary: ${bytes} bytes]`
}

/** Stands for items that were left out. */
export function dropped(items: number): string {
  return `[truncated: ${items} items]`
}

const ERROR_FIELDS = ['name', 'message', 'code', 'stack', 'cause', 'errors']

/** The keys of an object; those of an error that are not its own come first. */
export function fieldsOf(value: object): readonly string[] {
  // All keys at once: for...in collects them before its first turn too, and takes as long (0.4 us a key).
  const keys = Object.keys(value)
  if (!types.isNativeError(value) && !(value instanceof Error)) return keys
  const present = ERROR_FIELDS.filter((key) => key in value)
  return [...present, ...keys.filter((key) => !ERROR_FIELDS.includes(key))]
}
