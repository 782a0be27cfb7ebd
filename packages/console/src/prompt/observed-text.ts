import { beginningOf, printableText } from '@fastify-scs/core/kit'

/**
 * What does not show, though it is not a control character: zero-width characters, invisible operators, fillers, variation selectors and
 * the tag characters, by which text can be hidden from a person and still be read by a program.
 */
const HIDDEN = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu

/**
 * A recorded text on one line, with nothing in it that is hidden or steers a terminal: line breaks, control characters, direction marks
 * and characters without a shape are written as escapes.
 */
export function visibleText(text: string): string {
  return printableText(text).replace(HIDDEN, escaped)
}

/** The same, of `maxChars` characters at most; it says how many are left out. */
export function cutVisible(text: string, maxChars: number): string {
  const kept = beginningOf(text, maxChars)
  const leftOut = text.length - kept.length
  return leftOut === 0 ? visibleText(text) : `${visibleText(kept)} [${leftOut} characters left out]`
}

function escaped(char: string): string {
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`
}
