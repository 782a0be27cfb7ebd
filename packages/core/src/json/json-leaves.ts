import { types } from 'node:util'
import { bytesOf } from '../kit/cut-text.js'

/*
 * How single values are written in a copy as JSON data, and the markers for what is left out.
 */

/** Replaces a value that throws when it is read. */
export const UNREADABLE = '[unreadable]'
// Writing a longer bigint as digits takes quadratic time.
const BIGINT_CEILING = 1n << 4096n
const DROPPED_BYTES = /\[truncated: (\d+) bytes\]$/
/** Characters after a cut that are needed to make it: they show whether the word at the cut continues. */
export const BEYOND_CUT = 256

/** Calls a function that cuts a text to a number of bytes with only the beginning of the text, and corrects the marker. */
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

/** Reads a property; the marker for unreadable values when that throws. */
export function read(holder: object, key: string | number): unknown {
  try {
    return (holder as Record<string | number, unknown>)[key]
  } catch {
    // A getter may throw anything. The other properties are still copied.
    return UNREADABLE
  }
}

/** The digits of a bigint, or a marker when there are too many. */
export function digits(value: bigint): string {
  return value < BIGINT_CEILING && value > -BIGINT_CEILING ? String(value) : '[truncated: bigint]'
}

/** The key of a Map as text; for an object its position, `[key 0]`. */
export function keyText(key: unknown, index: number): string {
  if (typeof key === 'string') return key
  if (typeof key === 'bigint') return digits(key)
  const isSimple =
    typeof key === 'number' || typeof key === 'boolean' || key === null || key === undefined
  return isSimple ? String(key) : `[key ${index}]`
}

/** A date as ISO 8601; null for an invalid date, as in JSON. */
export function dateText(date: Date): string | null {
  const time = Date.prototype.getTime.call(date)
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}

/** The marker for binary data. */
export function binary(bytes: number): string {
  return `[binary: ${bytes} bytes]`
}

/** The marker for items that were left out. */
export function dropped(items: number): string {
  return `[truncated: ${items} items]`
}

const ERROR_FIELDS = ['name', 'message', 'code', 'stack', 'cause', 'errors']

/** The keys of an object. For an error, its standard fields come first, own or inherited. */
export function fieldsOf(value: object): readonly string[] {
  // All keys at once: `for...in` also collects them before its first iteration, and takes as long (0.4 us for each key).
  const keys = Object.keys(value)
  if (!types.isNativeError(value) && !(value instanceof Error)) return keys
  const present = ERROR_FIELDS.filter((key) => key in value)
  return [...present, ...keys.filter((key) => !ERROR_FIELDS.includes(key))]
}
