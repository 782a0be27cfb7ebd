import { printableText } from '../printable-text.js'

// What JSON leaves as it is and `printableText` does not; C0 and halves of a pair are escaped in JSON already.
const UNPRINTABLE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/

/**
 * One line of JSON, with its line break, in which control characters and marks of direction stand as escapes: in any
 * value and any key. Whoever parses it gets the very same data.
 */
export function printableLine(line: string): string {
  return UNPRINTABLE.test(line) ? `${printableText(line.slice(0, -1))}\n` : line
}

/** The same of JSON without a line break. */
export function printableJson(json: string): string {
  return UNPRINTABLE.test(json) ? printableText(json) : json
}
