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
