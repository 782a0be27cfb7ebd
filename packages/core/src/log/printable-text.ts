/** Control characters (C0, DEL, C1), line and paragraph separators, direction marks, and lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu
/** A text of printable ASCII, as nearly every text is: it needs no escape. */
const ASCII = /^[ -~]*$/

/**
 * Makes a text safe to show on one line (a subject, a title, a line on a terminal): control characters, line separators and
 * direction marks are written as JSON escapes (`\u202e`). So untrusted text cannot begin a new line or header, move the cursor, or
 * reverse the text around it. Source: Unicode Standard Annex 9, and https://trojansource.codes.
 */
export function printableText(text: string): string {
  return ASCII.test(text) ? text : text.replace(UNPRINTABLE, escaped)
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}

// The characters that `printableText` escapes and JSON.stringify does not.
const UNESCAPED = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/

/**
 * Escapes control characters and direction marks in one line of JSON with its line break, in values and keys. Parsing the line
 * gives the same data.
 */
export function printableLine(line: string): string {
  return UNESCAPED.test(line) ? `${printableText(line.slice(0, -1))}\n` : line
}

/** The same for JSON without a line break. */
export function printableJson(json: string): string {
  return UNESCAPED.test(json) ? printableText(json) : json
}
