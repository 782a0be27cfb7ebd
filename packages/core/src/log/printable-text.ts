/** C0, DEL, C1, the separators of lines and paragraphs, marks of direction, and halves of a surrogate pair. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu
/** Nearly every text. */
const ASCII = /^[ -~]*$/

/**
 * A text for one line (a subject, a title, a line on a terminal) that shows what is in it: control characters, line
 * separators and marks that change the direction of what follows are written as JSON escapes them, `\u202e`. So no text of a
 * stranger can begin a new line or header, move the cursor or turn its neighbours around. Source: Unicode Standard Annex 9,
 * and https://trojansource.codes.
 */
export function printableText(text: string): string {
  return ASCII.test(text) ? text : text.replace(UNPRINTABLE, escaped)
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}

// What JSON leaves as it is and `printableText` does not; C0 and halves of a pair are escaped in JSON already.
const UNESCAPED = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/

/**
 * One line of JSON, with its line break, in which control characters and marks of direction stand as escapes: in any
 * value and any key. Whoever parses it gets the very same data.
 */
export function printableLine(line: string): string {
  return UNESCAPED.test(line) ? `${printableText(line.slice(0, -1))}\n` : line
}

/** The same of JSON without a line break. */
export function printableJson(json: string): string {
  return UNESCAPED.test(json) ? printableText(json) : json
}
