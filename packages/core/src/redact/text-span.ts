import type { TextScanner } from './text-scanner.js'

/** The part of a text that a censor replaces. */
export interface Span {
  readonly start: number
  readonly end: number
}

/*
 * Where a value ends that has an opening mark of its own. None of them reaches into the lines of a stack: an apostrophe in a
 * message opens no value that hides where it was thrown.
 */

/**
 * The index where a quoted text ends, that is before the backslashes of its closing quote. In JSON within JSON each
 * quote has `slashes` backslashes before it; one with more of them is part of the text, unless those are escaped.
 */
export function closingQuote(
  scan: TextScanner,
  start: number,
  quote: string,
  slashes: number,
): number {
  const { text } = scan
  const limit = scan.frameStart(start)
  for (let at = scan.next(quote, start); at < limit; at = scan.next(quote, at + 1)) {
    let run = at
    while (run > start && text.charAt(run - 1) === '\\') run -= 1
    scan.charge(at - run)
    const surplus = at - run - slashes
    if (surplus >= 0 && surplus % (2 * (slashes + 1)) === 0) return at - slashes
  }
  return limit
}

/** The index after the bracket that closes the one at `start`, or the end of the text. */
export function closingBracket(scan: TextScanner, start: number): number {
  const { text } = scan
  const limit = scan.frameStart(start)
  let depth = 0
  let slashes = 0
  for (let at = start; at < limit; at += 1) {
    const char = text.charAt(at)
    if (char === '{' || char === '[') depth += 1
    else if (char === '}' || char === ']') depth -= 1
    else if (char === '"' || (char === "'" && '{[,: '.includes(text.charAt(at - 1)))) {
      at = closingQuote(scan, at + 1, char, slashes) + slashes
    }
    slashes = char === '\\' ? slashes + 1 : 0
    if (depth === 0) {
      scan.charge(at - start)
      return at + 1
    }
  }
  scan.charge(limit - start)
  return limit
}

const BRACE_ON_OWN_LINE = /[\r\n][ \t]*\)[ \t]*(?=[\r\n]|$)/g
const INDENT = /[ \t]*/y

/** The index after the bracket that closes the one at `open` of a PHP dump: `{` of var_dump, `(` of print_r. */
export function dumpEnd(scan: TextScanner, open: number): number {
  const { text } = scan
  if (text.charAt(open) === '{') return closingBracket(scan, open)
  // print_r quotes nothing, so the bracket that closes is the one that is indented as far.
  const column = open - (text.lastIndexOf('\n', open) + 1)
  const limit = scan.frameStart(open)
  for (let at = open; at < limit; ) {
    const line = scan.next(BRACE_ON_OWN_LINE, at)
    if (line >= limit) return limit
    const indent = scan.endOf(INDENT, line + 1)
    if (indent - line - 1 <= column) return indent + 1
    at = indent + 1
  }
  return limit
}
