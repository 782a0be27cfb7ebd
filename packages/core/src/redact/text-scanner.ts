import { PASSED_OVER, type RedactRules } from './redact-rules.js'
import type { Span } from './shape-scan.js'

// An indented line that names a place in a program, as runtimes write a stack: Node, Java, Python, Ruby, Go.
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
 * Reads a text for one redaction. All that reads ahead goes through here: what was found once is remembered, so that no
 * part of a text is searched twice for the same thing, and what is read is taken off the budget.
 */
export class TextScanner {
  readonly text: string
  readonly rules: RedactRules
  /** Where the names of secrets stand that a message may be about, once somebody has looked. */
  subjects: readonly number[] | undefined
  /** Where the end tags of markup stand, once somebody has looked. */
  endTags: readonly number[] | undefined
  /** The program of a command line that was met last, and the end of its line. */
  program: { readonly name: string; readonly end: number } | undefined
  /** What was found last: the pattern, and where it is found next; beyond the text if nowhere. */
  #found: Map<RegExp | string, { from: number; at: number }> | undefined

  constructor(rules: RedactRules, text: string) {
    this.rules = rules
    this.text = text
  }

  /** Where a sticky pattern ends that starts at an index. */
  endOf(pattern: RegExp, from: number): number {
    pattern.lastIndex = from
    pattern.test(this.text)
    const end = Math.max(pattern.lastIndex, from)
    this.charge(end - from)
    return end
  }

  /** Where a character or a global pattern occurs next, or the length of the text. */
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

  /** The end of the line, before the characters that end it. */
  lineEnd(from: number): number {
    return this.next(LINE_END, from)
  }

  /** Where the next line of a stack begins, that is the end of the line before it, or the length of the text. */
  frameStart(from: number): number {
    return this.next(FRAME, from)
  }

  /** Takes characters that were read off the budget. */
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

const ELEMENT_NAME = /[\w:.-]{0,64}/y
// Elements within the one that holds the secret, whose end tags come before its own.
const MAX_INNER = 16

/**
 * What stands in an element whose name is that of a secret, `<password>x</password>`, after the `<` at an index. An element
 * without an end tag holds nothing: `Promise<Token>` and `<password> is missing` are text.
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

/** Where the end tag of a name stands, from an index on. */
function endTag(scan: TextScanner, name: string, from: number): number | undefined {
  scan.endTags ??= endTagsIn(scan)
  const { endTags, text } = scan
  // They are in order.
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
