import type { Span } from './shape-scan.js'
import type { TextKey } from './text-key.js'
import { isProse, isProseTail } from './text-prose.js'
import { closingQuote, type TextScanner } from './text-scanner.js'

/*
 * Finds the end of values of several words or lines: YAML blocks, lists and maps, continued properties, folded headers,
 * passphrases.
 */

const BLANKS = /[^\S\r\n]*/y
const BLANK = /\s/g
// The text that may precede the first key of a line.
const LINE_START =
  /[\r\n][ \t]*(?:(?:[-*#>+?]|\/\/|export|set|SET|const|let|var)[ \t]+){0,3}[#>]?["'`[]*$/
const LOOK_BACK = 64
const BLOCK = /[|>][+-]?\d?[+-]?(?:[ \t]+#|[ \t]*(?=[\r\n]|$))/y
const ESCAPED_BLOCK = /[|>][+-]?\d?[+-]?\\+[rn]/y
// The next key of the line, a flag, or a separator between the fields of a log line.
const NEXT_KEY =
  /[\\"'`([{,;&]{0,4}[A-Za-z_$][\w.$-]{0,40}(?:\[[^\]\s]{0,40}\])?\\{0,4}["'`]?(?:[ \t]{0,4}=|[ \t]{0,4}:(?=[\s"'{[\\]|$)|:[^\s:/]|:\/\/)|--?[A-Za-z][\w-]*(?=[\s=]|$)|[|](?=\s|$)|&&/y
const KEY_LINE = /[^\s:=]{1,60}(?:[ \t][^\s:=]{1,60}){0,3}[ \t]*(?:[:=]|=>)/y

/** Whether a value is the indicator of a YAML block (`|` or `>`), whose lines follow. */
export function isBlockIndicator(scan: TextScanner, start: number): boolean {
  if (!'|>'.includes(scan.text.charAt(start) || ' ')) return false
  return scan.endOf(BLOCK, start) > start || scan.endOf(ESCAPED_BLOCK, start) > start
}

/** Whether a key is at the beginning of its line, as in a configuration file. */
export function isOnOwnLine(scan: TextScanner, key: TextKey): boolean {
  const from = Math.max(0, key.start - LOOK_BACK)
  const before = scan.text.slice(from, key.start)
  scan.charge(LOOK_BACK)
  return LINE_START.test(from === 0 ? `\n${before}` : before)
}

/** The value on the lines below a key that has none on its own line. */
export function emptyValueSpan(
  scan: TextScanner,
  index: number,
  start: number,
  key: TextKey,
  isPhrase: boolean,
): Span | undefined {
  const { text } = scan
  if (scan.endOf(ESCAPED_BLOCK, start) > start)
    return { start, end: Math.min(closingQuote(scan, start, '"', 0), scan.lineEnd(start)) }
  const line = scan.lineEnd(start)
  const indent = indentOf(scan, key)
  const end = indentedEnd(scan, line, indent, true)
  const first = scan.endOf(BLANKS, afterLineEnds(scan, line))
  if (end > line) {
    const firstLine = scan.lineEnd(first)
    return end === firstLine && isProse(scan, first, end, isPhrase)
      ? undefined
      : { start: first, end }
  }
  if (text.charAt(index) === '=' && text.charAt(index + 1) !== '>') return undefined
  return nextLineSpan(scan, line, isPhrase)
}

/** The end of a value of several words: the end of the line, or before the next key, quote or bracket that ends it. */
export function phraseEnd(
  scan: TextScanner,
  first: Span & { readonly trimmedEnd: number },
  limit: number,
  key: TextKey,
  { isTight, isCensored }: { isTight: boolean; isCensored: boolean },
): number {
  const { text } = scan
  const brackets = openBracketsBefore(scan, key)
  // `(password: x) at noon`: the value ends with its first word.
  if (stopWithin(text, first.trimmedEnd, first.end, brackets) < first.end) return first.end
  let words = 0
  let end = first.end
  let isWithinQuotes = false
  for (let at = first.end; at < limit; words += 1) {
    const wordStart = scan.endOf(BLANKS, at)
    if (wordStart >= limit || scan.endOf(NEXT_KEY, wordStart) > wordStart) break
    const wordEnd = Math.min(scan.next(BLANK, wordStart), limit)
    isWithinQuotes ||= text.charAt(wordStart) === '"'
    const stop = stopWithin(text, wordStart, wordEnd, isWithinQuotes ? brackets : `${brackets}"`)
    scan.charge(4 * (stop - wordStart))
    if (scan.rules.budget.isSpent) return end
    if (text.charAt(wordEnd - 1) === '"') isWithinQuotes = false
    if (stop > wordStart) end = stop
    if (stop < wordEnd) break
    at = wordEnd
  }
  const firstWord = text.slice(first.start, Math.min(first.end, first.start + 64))
  const isTokenFirst = isCensored || /[^a-z]/.test(firstWord)
  if (isTokenFirst && isProseTail(scan, first.end, end)) return first.end
  // `password=x y`: a passphrase does not begin with a single letter.
  if (isTight && words < 2 && (isCensored || firstWord.length < 2)) return first.end
  return end
}

/** The end of a value including its continuation lines; its first line ends at `line`. */
export function foldedEnd(
  scan: TextScanner,
  line: number,
  key: TextKey,
  mayHoldKeys: boolean,
): number {
  const { text } = scan
  let end = line
  const limit = scan.frameStart(line)
  while (end < limit && isContinued(text, end))
    end = Math.min(scan.lineEnd(afterLineEnd(text, end)), limit)
  return indentedEnd(scan, end, indentOf(scan, key), mayHoldKeys)
}

function nextLineSpan(scan: TextScanner, line: number, isPhrase: boolean): Span | undefined {
  const { text } = scan
  const start = scan.endOf(BLANKS, afterLineEnd(text, line))
  const end = Math.min(scan.lineEnd(start), scan.frameStart(line))
  if (start >= end || scan.endOf(KEY_LINE, start) > start) return undefined
  if (isProse(scan, start, end, isPhrase)) return undefined
  // A single word below `token:` is its value; a sentence there is not.
  if (!isPhrase && scan.next(BLANK, start) < end) return undefined
  return { start, end }
}

/** The end of the lines below `line` that are indented further than `indent`. They may hold keys only if `mayHoldKeys`. */
function indentedEnd(
  scan: TextScanner,
  line: number,
  indent: number,
  mayHoldKeys: boolean,
): number {
  const { text } = scan
  const limit = scan.frameStart(line)
  let end = line
  for (let at = line; at < limit && at < text.length; ) {
    const lineStart = afterLineEnd(text, at)
    const first = scan.endOf(BLANKS, lineStart)
    const lineEnd = Math.min(scan.lineEnd(first), limit)
    at = lineEnd
    if (first >= lineEnd) continue
    const isItem = mayHoldKeys && text.startsWith('- ', first) && first - lineStart === indent
    if (first - lineStart <= indent && !isItem) break
    if (!mayHoldKeys && scan.endOf(KEY_LINE, first) > first) break
    end = lineEnd
  }
  return end
}

/** The column of a key at the beginning of its line, else the indentation of the line. */
function indentOf(scan: TextScanner, key: TextKey): number {
  const { text } = scan
  const from = Math.max(0, key.start - 256)
  const before = text.slice(from, key.start)
  scan.charge(before.length)
  const lineStart = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1
  const indent = before.slice(lineStart)
  return /^[ \t]*(?:- +)*["'`[]*$/.test(indent)
    ? indent.replace(/["'`[]+$/, '').length
    : indent.length - indent.trimStart().length
}

/** The closing brackets for those that are open before a key: each of them ends its value. */
function openBracketsBefore(scan: TextScanner, key: TextKey): string {
  const before = scan.text.slice(Math.max(0, key.start - LOOK_BACK), key.start)
  scan.charge(before.length)
  let closing = ''
  if (before.lastIndexOf('(') > before.lastIndexOf(')')) closing += ')'
  if (before.lastIndexOf('{') > before.lastIndexOf('}')) closing += '}'
  if (before.lastIndexOf('[') > before.lastIndexOf(']')) closing += ']'
  return closing
}

/** Where a value ends within a word: at a closing bracket or quote, a tag, or an escaped line break. */
function stopWithin(text: string, start: number, end: number, closing: string): number {
  for (let at = start; at < end; at += 1) {
    const char = text.charAt(at)
    const next = text.charAt(at + 1)
    if (char === '<' && (next === '/' || (at > start && /[!a-z]/i.test(next)))) return at
    if (char === '\\' && (next === 'n' || next === 'r' || next === '"')) return at
    if (!closing.includes(char)) continue
    if (char !== '"' || next === '' || /[\s,;:)\]}\\]/.test(next)) return at
  }
  return end
}

function isContinued(text: string, lineEnd: number): boolean {
  let run = lineEnd
  while (run > 0 && text.charAt(run - 1) === '\\') run -= 1
  return (lineEnd - run) % 2 === 1 && lineEnd < text.length
}

function afterLineEnd(text: string, lineEnd: number): number {
  return text.startsWith('\r\n', lineEnd) ? lineEnd + 2 : lineEnd + 1
}

const LINE_ENDS = /(?:[ \t]*[\r\n])+/y

function afterLineEnds(scan: TextScanner, lineEnd: number): number {
  return Math.min(scan.endOf(LINE_ENDS, lineEnd), scan.text.length)
}
