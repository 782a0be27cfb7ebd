import { privateKeyEnd } from './bare-secrets.js'
import type { Span } from './shape-scan.js'
import { isQuote, type TextKey } from './text-key.js'
import {
  emptyValueSpan,
  foldedEnd,
  isBlockIndicator,
  isOnOwnLine,
  phraseEnd,
} from './text-lines.js'
import { isProse, isReadable } from './text-prose.js'
import { closingBracket, closingQuote, dumpEnd, type TextScanner } from './text-scanner.js'

const SCHEME = /^(?:bearer|basic|digest|token|negotiate|ntlm|apikey|dpop|hawk|splunk)$/i
const LITERAL = /^(?:null|undefined|true|false)$/
const CLINGING = /[\w%+/$@-]/
// These end a sentence or open a bracket, unless a word follows them directly.
const CLINGING_MARK = /^[.!*^~(?#[{:][\w%+/$@-]/
const HEADER = /cookie|authori[sz]ation/i
// Names of keys whose value may be several words.
const PHRASE =
  /pass(?!port|enger)|pwd|psw|^pw$|secret|mnemonic|seed|phrase|credential|kennwort|contrase|senha|answer|recovery|backup|memorable/i
// The work of examining one group of digits, in skipped characters.
const GROUP_CHARS = 64
const SLASHES = /\\*/y
const BLANKS = /[^\S\r\n]*/y
const WHITE_SPACE = /\s*/y
// `!!str` and `&anchor` of YAML; `string(14)` of PHP.
const YAML_MARKS = /(?:(?:!!?[\w:./-]*|&[\w-]+)[ \t]+)*/y
const PHP_TYPE = /(?:(?:string|int|float|bool)\(\d*\)[ \t]*)?/y
const PHP_STRUCTURE =
  /(?:array\(\d*\)|object\([^)\r\n]{0,100}\)#\d+ \(\d+\)|Array|[\w\\]{1,100} Object)\s*[({]/y
const TRIPLE_QUOTES = ['"""', "'''"]
const PIECE = /[^\s"&<>,;]*/y
const PIECES = new Map([
  ["'", /[^\s"'&<>,;]*/y],
  ['`', /[^\s"`&<>,;]*/y],
])
const WORD = /[^\s"&<>]*/y
const PARAMETER = /[^\s"&<>=]*/y
// A comma and the next key: `, user=` in `password=x, user=y`. It is no longer than a name.
const NEXT_KEY = /[,;][\s{["'\\]{0,8}[A-Za-z_][\w.-]{0,40}\\{0,8}["']?\s{0,4}[:=]/y

/** The value after the separator at `index`, without its quotes; undefined if there is no secret. */
export function secretSpan(
  scan: TextScanner,
  index: number,
  key: TextKey,
  censor: string,
): Span | undefined {
  const { text } = scan
  let separatorEnd = index + 1
  while (separatorEnd < index + 3 && ':=>'.includes(text.charAt(separatorEnd) || ' '))
    separatorEnd += 1
  let start = scan.endOf(key.quote === '' ? BLANKS : WHITE_SPACE, separatorEnd)
  // The usual case is JSON. `""` may be the first two of three quotes.
  if (key.quote !== '' && text.charAt(start) === '"' && text.charAt(start + 1) !== '"')
    return quotedSpan(scan, start, 0, key)
  if (isReadable(scan, index, key, start)) return undefined
  if (key.quote !== '' || key.name.endsWith(']')) start = scan.endOf(PHP_TYPE, start)
  const structure = scan.endOf(PHP_STRUCTURE, start)
  if (structure > start) return { start, end: dumpEnd(scan, structure - 1) }
  const marked = scan.endOf(YAML_MARKS, start)
  const triple = TRIPLE_QUOTES.find((quotes) => text.startsWith(quotes, marked))
  if (triple !== undefined) {
    const open = marked + 3
    return { start: open, end: Math.min(scan.next(triple, open), scan.frameStart(open)) }
  }
  const slashes = scan.endOf(SLASHES, marked) - marked
  if (isQuote(text.charAt(marked + slashes))) return quotedSpan(scan, marked, slashes, key)
  if (censor !== '' && text.startsWith(censor, start))
    return unquotedSpan(scan, start, separatorEnd, key, start + censor.length)
  const first = text.charAt(start)
  if (first === '{' || first === '[')
    return { start, end: wordAfter(scan, closingBracket(scan, start), key) }
  if (text.startsWith('-----BEGIN ', start)) {
    const end = privateKeyEnd(text, start)
    if (end !== -1) return { start, end }
  }
  const isEmpty = marked >= scan.lineEnd(start)
  if (isEmpty || isBlockIndicator(scan, marked))
    return emptyValueSpan(scan, index, marked, key, isPhrase(key))
  return unquotedSpan(scan, start, separatorEnd, key, marked)
}

/** The end of the unquoted parameter that starts at `start`. */
export function parameterEnd(scan: TextScanner, start: number): number {
  return scan.endOf(PARAMETER, start)
}

function isPhrase(key: TextKey): boolean {
  return PHRASE.test(key.name)
}

function quotedSpan(
  scan: TextScanner,
  start: number,
  slashes: number,
  key: TextKey,
): Span | undefined {
  const { text } = scan
  const open = start + slashes
  const quote = text.charAt(open)
  // `expected "token=" in the query`: the quote closes the key and opens no value.
  if (quote === key.before && !CLINGING.test(text.charAt(open + 1))) return undefined
  const close = closingQuote(scan, open + 1, quote, slashes)
  const after = Math.min(close + slashes + 1, text.length)
  const end = clingingEnd(scan, after, key)
  return end > after ? { start, end } : { start: open + 1, end: close }
}

// `password='a'b"c"`: as in a shell, text directly after a quote belongs to the value.
function clingingEnd(scan: TextScanner, after: number, key: TextKey): number {
  const { text } = scan
  let end = after
  for (;;) {
    const char = text.charAt(end)
    if (isQuote(char) && char !== key.before) {
      end = Math.min(closingQuote(scan, end + 1, char, 0) + 1, text.length)
    } else if (CLINGING.test(char) || CLINGING_MARK.test(text.slice(end, end + 2))) {
      end = wordEnd(scan, end, key)
    } else return end
  }
}

/** `firstEnd` is the end of a censor at the beginning of the value, which counts as one word; else `start`. */
function unquotedSpan(
  scan: TextScanner,
  start: number,
  separatorEnd: number,
  key: TextKey,
  firstEnd = start,
): Span | undefined {
  const { text } = scan
  const isColon = text.charAt(separatorEnd - 1) !== '='
  const line = scan.lineEnd(start)
  const limit = isQuote(key.before) ? Math.min(scan.next(key.before, start), line) : line
  const isCensored = firstEnd > start
  if (isColon && !isCensored && isProse(scan, start, limit, isPhrase(key))) return undefined
  if (isColon && HEADER.test(key.name))
    return { start, end: limit < line ? limit : foldedEnd(scan, limit, key, true) }
  const end = wordEnd(scan, firstEnd, key)
  const last = trimmedEnd(text, isCensored ? firstEnd : start, end)
  const word = text.slice(start, last)
  if (LITERAL.test(word)) return undefined
  if (SCHEME.test(word)) {
    const next = scan.endOf(BLANKS, end)
    if (next > end && next < limit) return { start, end: wordEnd(scan, next, key) }
  }
  const groups = isCensored ? end : groupsEnd(scan, start, end)
  const trimmed = trimmedEnd(text, isCensored ? firstEnd : start, groups)
  const isTight = start === separatorEnd && text.charAt(separatorEnd - 1) !== '>'
  const isOwnLine = isOnOwnLine(scan, key)
  if (isTight ? isPhrase(key) && isOwnLine : isPhrase(key) || isOwnLine) {
    const words = { start, end: groups, trimmedEnd: trimmed }
    const phrase = phraseEnd(scan, words, limit, key, { isTight, isCensored })
    if (phrase === line && isOwnLine) return { start, end: foldedEnd(scan, line, key, !isTight) }
    if (phrase > groups) return { start, end: trimmedEnd(text, groups, phrase) }
  }
  return { start, end: trimmed === start ? groups : trimmed }
}

/** The end of a value without white space. A comma ends it only if another key follows. */
function wordEnd(scan: TextScanner, start: number, key: TextKey): number {
  // Up to the quote around the key, if there is one: the text beyond would be read again for the next key.
  const piece = PIECES.get(key.before) ?? PIECE
  let end = scan.endOf(piece, start)
  // Comma by comma: reading to the next white space first would take quadratic time in a text without any.
  while (isComma(scan.text.charAt(end)) && scan.endOf(NEXT_KEY, end) === end) {
    end = scan.endOf(piece, end + 1)
  }
  return end
}

function isComma(char: string): boolean {
  return char === ',' || char === ';'
}

// `password={...}xyz`: text directly after a bracket belongs to the value.
function wordAfter(scan: TextScanner, end: number, key: TextKey): number {
  return CLINGING.test(scan.text.charAt(end)) ? wordEnd(scan, end, key) : end
}

/** The end of a card or account number in groups: `4242 4242 4242 4242`, `DE89 3704 0044`. */
function groupsEnd(scan: TextScanner, start: number, end: number): number {
  const { text } = scan
  let last = end
  if (!isGroup(text, start, end)) return last
  while (text.charAt(last) === ' ') {
    const next = scan.endOf(WORD, last + 1)
    scan.charge(GROUP_CHARS)
    if (scan.rules.budget.isSpent) return last
    if (!isGroup(text, last + 1, '.,;)'.includes(text.charAt(next - 1)) ? next - 1 : next)) break
    last = next
  }
  return last
}

function isGroup(text: string, start: number, end: number): boolean {
  return end - start <= 8 && /^[0-9A-Z]*\d[0-9A-Z]*$/.test(text.slice(start, end))
}

/** The end without the punctuation that follows a word in a sentence or closes a bracket. */
function trimmedEnd(text: string, start: number, end: number): number {
  let last = end
  while (last > start && ",;.!?)]}'`".includes(text.charAt(last - 1))) last -= 1
  return last
}
