import { PASSED_OVER, type RedactRules } from './redact-rules.js'
import type { Span } from './shape-scan.js'

// A frame of a stack trace, as Node, Java, Python, Ruby and Go write it.
const FRAME = new RegExp(
  '[\\r\\n][ \\t]+(?:' +
    'at [^\\r\\n]{0,2000}?(?::\\d+|<anonymous>|native|Unknown Source|index \\d+)\\)?[ \\t]*(?=[\\r\\n]|$)' +
    '|File "[^"\\r\\n]{1,1000}", line \\d' +
    '|(?:from )?[^\\s:]{1,1000}:\\d+:in ' +
    '|[^\\s:]{1,1000}\\.go:\\d)',
  'g',
)
const LINE_END = /[\r\n]/g

/**
 * Searches a text during one redaction. All code that reads ahead uses it: results are cached, so that no part of a text is
 * searched twice for the same thing, and the characters read are subtracted from the budget.
 */
export class TextScanner {
  readonly text: string
  readonly rules: RedactRules
  /** Positions of the names of secrets that a message may be about; undefined until they are searched. */
  subjects: readonly number[] | undefined
  /** Positions of the end tags of markup; undefined until they are searched. */
  endTags: readonly number[] | undefined
  /** The last program that was found on a command line, and the end of its line. */
  program: { readonly name: string; readonly end: number } | undefined
  /** For each needle the last search: where it started, and what it found (the length of the text for nothing). */
  #found: Map<RegExp | string, { from: number; at: number }> | undefined

  constructor(rules: RedactRules, text: string) {
    this.rules = rules
    this.text = text
  }

  /** The end of the match of a sticky pattern at an index; the index itself when it does not match. */
  endOf(pattern: RegExp, from: number): number {
    pattern.lastIndex = from
    pattern.test(this.text)
    const end = Math.max(pattern.lastIndex, from)
    this.charge(end - from)
    return end
  }

  /** The next position of a text or a global pattern, or the length of the text. */
  next(needle: string | RegExp, from: number): number {
    const known = this.#found?.get(needle)
    if (known !== undefined && known.from <= from && known.at >= from) return known.at
    const at = this.#search(needle, from)
    this.charge(at - from)
    if (known === undefined) {
      this.#found ??= new Map()
      this.#found.set(needle, { from, at })
    } else {
      known.from = from
      known.at = at
    }
    return at
  }

  /** The end of the line, before its line break. */
  lineEnd(from: number): number {
    return this.next(LINE_END, from)
  }

  /** The end of the line before the next frame of a stack trace, or the length of the text. */
  frameStart(from: number): number {
    return this.next(FRAME, from)
  }

  /** Subtracts the work for skipped characters from the budget. */
  charge(chars: number): void {
    this.rules.budget.spend(chars / PASSED_OVER)
  }

  /** Whether a key names a secret. */
  isSensitive(name: string): boolean {
    return this.rules.isSensitiveKey(name)
  }

  #search(needle: string | RegExp, from: number): number {
    if (typeof needle === 'string') {
      const at = this.text.indexOf(needle, from)
      return at === -1 ? this.text.length : at
    }
    needle.lastIndex = from
    return needle.exec(this.text)?.index ?? this.text.length
  }
}

/*
 * The functions below find the end of a value that has an opening mark. They stop before the frames of a stack trace, so that an
 * apostrophe in a message does not hide where the error was thrown.
 */

/**
 * The end of a quoted text, before the backslashes of its closing quote. In JSON within JSON each quote has `slashes`
 * backslashes before it; a quote with more of them is part of the text, unless they are escaped themselves.
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
  // print_r does not quote strings, so the closing bracket is found by its indentation.
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

const ELEMENT_NAME = /[\w:.-]{0,64}/y
// End tags of inner elements that may come before the end tag of the element with the secret.
const MAX_INNER = 16

/**
 * The content of the element at an index, when its name is that of a secret: `<password>x</password>`. Without an end tag it is
 * not an element: `Promise<Token>` and `<password> is missing` are text.
 */
export function elementSpan(scan: TextScanner, open: number): Span | undefined {
  const { text } = scan
  const nameEnd = scan.endOf(ELEMENT_NAME, open + 1)
  const name = text.slice(open + 1, nameEnd)
  if (!scan.isSensitive(name)) return undefined
  const close = scan.next('>', nameEnd)
  if (close > scan.next('<', nameEnd) || text.charAt(close - 1) === '/') return undefined
  const end = endTag(scan, name, close + 1)
  return end === undefined ? undefined : { start: close + 1, end }
}

/** The position of the next end tag with this name, at or after an index. */
function endTag(scan: TextScanner, name: string, from: number): number | undefined {
  scan.endTags ??= endTagsIn(scan)
  const { endTags, text } = scan
  // They are sorted: a binary search finds the first one at or after `from`.
  let low = 0
  for (let high = endTags.length; low < high; ) {
    const middle = (low + high) >> 1
    if ((endTags[middle] ?? 0) < from) low = middle + 1
    else high = middle
  }
  const last = Math.min(low + MAX_INNER, endTags.length)
  for (; low < last; low += 1) {
    const at = endTags[low] as number
    if (text.startsWith(name, at + 2) && !/[\w:.-]/.test(text.charAt(at + 2 + name.length)))
      return at
  }
  return undefined
}

function endTagsIn(scan: TextScanner): readonly number[] {
  scan.charge(scan.text.length)
  const found: number[] = []
  for (let at = scan.text.indexOf('</'); at !== -1; at = scan.text.indexOf('</', at + 2))
    found.push(at)
  return found
}
