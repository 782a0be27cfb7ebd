import { isQuote, type TextKey } from './text-key.js'

/** The part of a text that a censor replaces. */
export interface Span {
  readonly start: number
  readonly end: number
}

const SCHEME = /^(?:bearer|basic|digest|token|negotiate|ntlm|apikey|dpop|hawk|splunk)$/i
const LITERAL = /^(?:null|undefined|true|false)$/
const CLINGING = /[\w%+/$@-]/
const SLASHES = /\\*/y
const BLANKS = /[ \t]*/y
const WHITE_SPACE = /\s*/y
const LINE = /[^\r\n]*/y
const PIECE = /[^\s"&<>,;]*/y
const WORD = /[^\s"&<>]*/y
const PARAMETER = /[^\s"&<>=]*/y
// What comes after the comma in `password=x, user=y`; no longer than a name is.
const NEXT_KEY = /[,;][\s{["'\\]{0,8}[A-Za-z_][\w.-]{0,40}\\{0,8}["']?\s{0,4}[:=]/y

/** The value after the separator at `index`, without its quotes; undefined if there is none to hide. */
export function secretSpan(
  text: string,
  index: number,
  key: TextKey,
  censor: string,
): Span | undefined {
  let separatorEnd = index + 1
  while (separatorEnd < index + 3 && ':=>'.includes(text.charAt(separatorEnd) || ' '))
    separatorEnd += 1
  const start = endOf(key.quote === '' ? BLANKS : WHITE_SPACE, text, separatorEnd)
  if (censor !== '' && text.startsWith(censor, start)) {
    const rest = start + censor.length
    return { start, end: trimmedEnd(text, rest, wordEnd(text, rest, key)) }
  }
  const slashes = endOf(SLASHES, text, start) - start
  if (isQuote(text.charAt(start + slashes))) return quotedSpan(text, start, slashes, key)
  const first = text.charAt(start)
  if (first === '{' || first === '[')
    return { start, end: wordAfter(text, closingBracket(text, start), key) }
  return unquotedSpan(text, start, text.charAt(index), key)
}

/** Where an unquoted parameter ends that starts at `start`. */
export function parameterEnd(text: string, start: number): number {
  return endOf(PARAMETER, text, start)
}

function quotedSpan(text: string, start: number, slashes: number, key: TextKey): Span | undefined {
  const open = start + slashes
  const quote = text.charAt(open)
  // `expected "token=" in the query`: the quote belongs to the key.
  if (quote === key.before && !CLINGING.test(text.charAt(open + 1))) return undefined
  const close = closingQuote(text, open + 1, quote, slashes)
  const after = Math.min(close + slashes + 1, text.length)
  const end = clingingEnd(text, after, key)
  return end > after ? { start, end } : { start: open + 1, end: close }
}

// `password='a'b"c"`, as a shell reads it: what clings to a quote belongs to the value.
function clingingEnd(text: string, after: number, key: TextKey): number {
  let end = after
  for (;;) {
    const char = text.charAt(end)
    if (isQuote(char) && char !== key.before) {
      end = Math.min(closingQuote(text, end + 1, char, 0) + 1, text.length)
    } else if (CLINGING.test(char)) end = wordEnd(text, end, key)
    else return end
  }
}

function unquotedSpan(
  text: string,
  start: number,
  separator: string,
  key: TextKey,
): Span | undefined {
  if (separator === ':' && /cookie|authori[sz]ation/i.test(key.name)) {
    const line = endOf(LINE, text, start)
    const quote = isQuote(key.before) ? text.indexOf(key.before, start) : -1
    return { start, end: quote !== -1 && quote < line ? quote : line }
  }
  const end = wordEnd(text, start, key)
  const word = text.slice(start, trimmedEnd(text, start, end))
  if (LITERAL.test(word)) return undefined
  if (SCHEME.test(word)) {
    const next = endOf(BLANKS, text, end)
    if (next > end) return { start, end: wordEnd(text, next, key) }
  }
  const last = groupsEnd(text, start, end)
  const trimmed = trimmedEnd(text, start, last)
  return { start, end: trimmed === start ? last : trimmed }
}

/** The end of a value without white space; a comma ends it only if another key follows. */
function wordEnd(text: string, start: number, key: TextKey): number {
  let end = endOf(PIECE, text, start)
  // Piece by piece: reading to the white space first would take quadratic time where it never comes.
  while (isComma(text.charAt(end)) && endOf(NEXT_KEY, text, end) === end) {
    end = endOf(PIECE, text, end + 1)
  }
  const quote = isQuote(key.before) ? text.slice(start, end).indexOf(key.before) : -1
  return quote === -1 ? end : start + quote
}

function isComma(char: string): boolean {
  return char === ',' || char === ';'
}

// `password={...}xyz`: what clings to a bracket belongs to the value.
function wordAfter(text: string, end: number, key: TextKey): number {
  return CLINGING.test(text.charAt(end)) ? wordEnd(text, end, key) : end
}

/** Card and account numbers in groups: `4242 4242 4242 4242`, `DE89 3704 0044`. */
function groupsEnd(text: string, start: number, end: number): number {
  let last = end
  if (!isGroup(text.slice(start, end))) return last
  while (text.charAt(last) === ' ') {
    const next = endOf(WORD, text, last + 1)
    if (!isGroup(text.slice(last + 1, next).replace(/[.,;)]$/, ''))) break
    last = next
  }
  return last
}

function isGroup(word: string): boolean {
  return word.length <= 8 && /^[0-9A-Z]*\d[0-9A-Z]*$/.test(word)
}

/** The end without the punctuation that follows a word in a sentence or closes a bracket. */
function trimmedEnd(text: string, start: number, end: number): number {
  let last = end
  while (last > start && ",;.!?)]}'`".includes(text.charAt(last - 1))) last -= 1
  return last
}

/**
 * The index where a quoted text ends, that is before the backslashes of its closing quote. In JSON within JSON each
 * quote has `slashes` backslashes before it; one with more of them is part of the text, unless those are escaped.
 */
function closingQuote(text: string, start: number, quote: string, slashes: number): number {
  for (let at = text.indexOf(quote, start); at !== -1; at = text.indexOf(quote, at + 1)) {
    let run = at
    while (run > start && text.charAt(run - 1) === '\\') run -= 1
    const surplus = at - run - slashes
    if (surplus >= 0 && surplus % (2 * (slashes + 1)) === 0) return at - slashes
  }
  return text.length
}

/** The index after the bracket that closes the one at `start`, or the end of the text. */
function closingBracket(text: string, start: number): number {
  let depth = 0
  let slashes = 0
  for (let at = start; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (char === '{' || char === '[') depth += 1
    else if (char === '}' || char === ']') depth -= 1
    else if (char === '"' || (char === "'" && '{[,: '.includes(text.charAt(at - 1)))) {
      at = closingQuote(text, at + 1, char, slashes) + slashes
    }
    slashes = char === '\\' ? slashes + 1 : 0
    if (depth === 0) return at + 1
  }
  return text.length
}

function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  pattern.test(text)
  return Math.max(pattern.lastIndex, from)
}
