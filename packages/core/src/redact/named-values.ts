import { isQuote } from './text-key.js'
import type { TextScanner } from './text-scanner.js'
import { closingQuote } from './text-span.js'
import type { Span } from './text-value.js'

/*
 * Values whose name is not just before a separator: in messages of databases and validators, in SQL and on command lines.
 * Each function gets the end of the mark that announces the value.
 */

const BLANKS = /[ \t]*/y
const WORD = /[^\s"'`;,)]*/y
const SHELL_WORD = /[^\s"'`;|&)]*/y
const SQL_BY =
  /(?:[^\S\r\n]+(?:with|via)[^\S\r\n]+[\w'"`]{1,60})?[^\S\r\n]+(?:by|as|using)[^\S\r\n]+(?:password[^\S\r\n]*\(?[^\S\r\n]*|values[^\S\r\n]+)?/iy
const FOR_KEY = /'?[ \t]{1,4}for (?:key|column) ['"`]?([\w$.-]{1,200})/y
const ROW_END = /\)\.?[ \t]*(?=[\r\n]|$)/g
const SUBJECT =
  /["'`/[.]([A-Za-z_$][\w$-]{0,60})(?=["'`\]])|\b([A-Za-z_$][\w$.-]{0,60})(?=:|[ ]+(?:--|must|should|is|was|with|does|do|fails?|needs?|has|contains|cannot|may|length|at|not|failed)(?![\w])|[\r\n])|\/([A-Za-z_$][\w$-]{0,60})/g
const VICINITY = 240

/** `IDENTIFIED BY 'x'`, `IDENTIFIED WITH plugin BY 'x'`, `IDENTIFIED BY x`. */
export function identifiedByEnd(scan: TextScanner, after: number): Span | undefined {
  const start = scan.endOf(SQL_BY, after)
  return start > after ? quotedOrWord(scan, start, WORD) : undefined
}

/** `PASSWORD 'x'` of SQL, `--password x` of a command line. */
export function quotedOrWord(
  scan: TextScanner,
  from: number,
  word: RegExp = SHELL_WORD,
): Span | undefined {
  const start = scan.endOf(BLANKS, from)
  const quote = scan.text.charAt(start)
  if (isQuote(quote)) return { start: start + 1, end: closingQuote(scan, start + 1, quote, 0) }
  const end = scan.endOf(word, start)
  return end > start ? { start, end } : undefined
}

/** `Duplicate entry 'x' for key 'users.api_token'`, `Incorrect integer value: 'x' for column 'pin'`. */
export function columnValue(scan: TextScanner, open: number): Span | undefined {
  const { text } = scan
  const start = open + 1
  const quote = text.charAt(open)
  const limit = Math.min(scan.lineEnd(start), start + 4096)
  // MySQL does not escape the quotes of the value, so the one before `for key` ends it.
  for (let at = scan.next(quote, start); at < limit; at = scan.next(quote, at + 1)) {
    FOR_KEY.lastIndex = at
    const name = FOR_KEY.exec(text)?.[1]
    scan.charge(16)
    if (name !== undefined) return scan.isSensitive(name) ? { start, end: at } : undefined
  }
  return undefined
}

/** `Failing row contains (1, bob, x).`: what is in it has no names. */
export function rowSpan(scan: TextScanner, after: number): Span {
  return { start: after, end: scan.next(ROW_END, after) }
}

/** `Key (email, api_token)=(a@b.c, x) already exists.`: the value of a key whose columns name a secret. */
export function tupleSpan(scan: TextScanner, index: number, from: number): Span | undefined {
  const { text } = scan
  if (text.charAt(index - 1) !== ')' || text.charAt(index + 1) !== '(') return undefined
  const floor = Math.max(from, index - 256)
  let depth = 0
  let open = index - 1
  for (; open >= floor; open -= 1) {
    const char = text.charAt(open)
    if (char === ')') depth += 1
    else if (char === '(') depth -= 1
    if (depth === 0) break
  }
  scan.charge(index - open)
  if (open < floor) return undefined
  const names = text.slice(open + 1, index - 1).match(/[A-Za-z_$][\w$]*/g) ?? []
  if (!names.some((name) => scan.isSensitive(name))) return undefined
  const start = index + 2
  const line = scan.lineEnd(start)
  for (let at = scan.next(')', start); at < line; at = scan.next(')', at + 1)) {
    if (TUPLE_END.test(text.slice(at, at + 24))) return { start, end: at }
  }
  return { start, end: line }
}

const TUPLE_END = /^\)(?: (?:already|is|conflicts|does|was|in)\b|\.?\s*$|,? [A-Z(]|\.?[\r\n])/

/** `curl -u user:x`, `--proxy-user user:x`: the word after the colon. */
export function loginSpan(scan: TextScanner, index: number): Span | undefined {
  const before = scan.text.slice(Math.max(0, index - 80), index)
  scan.charge(before.length)
  if (!/(?:^|\s)(?:-[uU]|--(?:proxy-)?user)[ =]*["']?[^\s"':]{0,64}$/.test(before)) return undefined
  const quote = /["'][^"']*$/.exec(before)?.[0].charAt(0)
  const start = index + 1
  const end =
    quote === undefined
      ? scan.endOf(SHELL_WORD, start)
      : Math.min(scan.next(quote, start), scan.lineEnd(start))
  // `-u 1000:1000`, as docker has it, is a user and a group.
  const isGroup =
    /(?:^|\s|["'=u])\d{1,6}$/.test(before) && /^\d{1,6}$/.test(scan.text.slice(start, end))
  return end > start && !isGroup ? { start, end } : undefined
}

/** `received 'x'`, `with value "x"`, `got: "x"` of a validator, if what it is about is a secret. */
export function echoedSpan(scan: TextScanner, open: number): Span | undefined {
  const { text } = scan
  const quote = text.charAt(open)
  const end = closingQuote(scan, open + 1, quote, 0)
  if (end === open + 1) return undefined
  const before = text.slice(Math.max(0, open - VICINITY), open)
  const after = text.slice(end + 1, end + 1 + VICINITY)
  scan.charge(2 * VICINITY)
  return hasSensitiveSubject(scan, before) || hasSensitiveSubject(scan, untilNextIssue(after))
    ? { start: open + 1, end }
    : undefined
}

// A list of issues has the path after the value; what follows the path belongs to the next one.
function untilNextIssue(after: string): string {
  const end = after.search(/\}\s*,|[\r\n]{2}|\bnot one of\b/)
  return end === -1 ? after : after.slice(0, end)
}

function hasSensitiveSubject(scan: TextScanner, text: string): boolean {
  for (const [, quoted, plain, path] of text.matchAll(SUBJECT)) {
    const name = quoted ?? plain ?? path
    if (name !== undefined && scan.isSensitive(name)) return true
  }
  return false
}
