import type { Span } from './shape-scan.js'
import { isQuote } from './text-key.js'
import { closingQuote, type TextScanner } from './text-scanner.js'

/*
 * Finds secrets that are not written as `name=value`: in messages of databases and validators, in SQL and on command lines.
 * Each function gets the position of the words that announce the value, and returns where the value starts and ends.
 */

const BLANKS = /[ \t]*/y
const WORD = /[^\s"'`;,)]*/y
const SHELL_WORD = /[^\s"'`;|&)]*/y
const SQL_BY =
  /(?:[^\S\r\n]+(?:with|via)[^\S\r\n]+[\w'"`]{1,60})?[^\S\r\n]+(?:by|as|using)[^\S\r\n]+(?:password[^\S\r\n]*\(?[^\S\r\n]*|values[^\S\r\n]+)?/iy
const FOR_KEY = /['"`][ \t]{1,4}for (?:key|column) /g
const FOR_KEY_NAME = /for (?:key|column) ['"`]?([\w$.-]{1,200})/
const ROW_END = /\)\.?[ \t]*(?=[\r\n]|$)/g
const SUBJECT =
  /["'`/[.]([A-Za-z_$][\w$-]{0,60})(?=["'`\]])|\b([A-Za-z_$][\w$.-]{0,60})(?=:|[ ]+(?:--|must|should|is|was|with|does|do|fails?|needs?|has|contains|cannot|may|length|at|not|failed)(?![\w])|[\r\n])|\/([A-Za-z_$][\w$-]{0,60})/g
// In a list of issues the path follows the value, and the next issue follows the path.
const NEXT_ISSUE = /\}\s{0,20},|[\r\n]{2}/g
const VICINITY = 160

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
  // MySQL does not escape quotes within the value, so the value ends at the quote before `for key`.
  const end = scan.next(FOR_KEY, start)
  if (end >= scan.lineEnd(start) || text.charAt(end) !== quote) return undefined
  const name = text.slice(end, end + 256).match(FOR_KEY_NAME)?.[1]
  scan.charge(256)
  return name !== undefined && scan.isSensitive(name) ? { start, end } : undefined
}

/** `Failing row contains (1, bob, x).`: the values have no names, so all of them are hidden. */
export function rowSpan(scan: TextScanner, after: number): Span {
  return { start: after, end: scan.next(ROW_END, after) }
}

/** `Key (email, lower(name))=(a@b.c, x) already exists.`: the values of an index. In another language, when a column names a secret. */
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
  scan.charge(256 + index - open)
  if (open < floor) return undefined
  if (!text.slice(Math.max(0, open - 5), open).endsWith('ey ')) {
    const names = text.slice(open + 1, index - 1).match(/[A-Za-z_$][\w$]*/g) ?? []
    if (!names.some((name) => scan.isSensitive(name))) return undefined
  }
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
  // `-u 1000:1000` of docker is a user and a group, not a password.
  const isGroup =
    /(?:^|\s|["'=u])\d{1,6}$/.test(before) && /^\d{1,6}$/.test(scan.text.slice(start, end))
  return end > start && !isGroup ? { start, end } : undefined
}

/** `received 'x'`, `with value "x"`, `got: "x"` of a validator, when the message names a secret nearby. */
export function echoedSpan(scan: TextScanner, open: number): Span | undefined {
  const { text } = scan
  const quote = text.charAt(open)
  const end = closingQuote(scan, open + 1, quote, 0)
  if (end === open + 1) return undefined
  const last = Math.min(end + VICINITY, scan.next(NEXT_ISSUE, end))
  const isNear = hasSubject(scan, open - VICINITY, open) || hasSubject(scan, end + 1, last)
  return isNear ? { start: open + 1, end } : undefined
}

/** Whether the name of a secret starts between two indices. */
function hasSubject(scan: TextScanner, from: number, to: number): boolean {
  scan.subjects ??= sensitiveSubjects(scan)
  const { subjects } = scan
  // They are sorted: a binary search finds the first one at or after `from`.
  let low = 0
  for (let high = subjects.length; low < high; ) {
    const middle = (low + high) >> 1
    if ((subjects[middle] ?? 0) < from) low = middle + 1
    else high = middle
  }
  return (subjects[low] ?? Number.POSITIVE_INFINITY) < to
}

/** The positions of all names of secrets that a message may be about. */
function sensitiveSubjects(scan: TextScanner): readonly number[] {
  scan.charge(3 * scan.text.length)
  const subjects: number[] = []
  for (const { index, 1: quoted, 2: plain, 3: path } of scan.text.matchAll(SUBJECT)) {
    const name = quoted ?? plain ?? path
    if (scan.rules.budget.isSpent) break
    if (name !== undefined && scan.isSensitive(name)) subjects.push(index)
  }
  return subjects
}

/*
 * Passwords after flags of one letter (`mysql -px`). Which flag announces a password depends on the program, so the program is
 * found first. Source: the manual pages of the programs.
 */

/** The programs, as alternatives of a regular expression. */
export const PROGRAMS: string =
  'mysql|mariadb|sshpass|(?:redis|valkey)-cli|mongo(?:sh|dump|restore|export|import)?(?=[ \\t"\',])|sqlcmd|' +
  'openssl|7z|zip|(?:docker|podman|helm registry|az|oc)[ \\t]+login'

/** The pattern of such a flag without its hyphen, which must follow white space or a quote. */
export const SHORT_FLAG: string = '(?<=[\\s"\'`]-)[pak]'

/** Where the password stands: right after the flag, as the next word, or either. */
type Place = 'attached' | 'next' | 'either'

/** The flags that announce a password. */
const FLAGS: readonly (readonly [program: RegExp, flags: string, place: Place])[] = [
  [/^(?:mysql|mariadb|7z)/i, 'p', 'attached'],
  [/^sshpass|login$/i, 'p', 'either'],
  [/^mongo/i, 'p', 'next'],
  [/-cli$/i, 'a', 'next'],
  [/^(?:sqlcmd|zip)/i, 'P', 'either'],
  [/^openssl/i, 'kK', 'next'],
]

// The text after a flag whose password is the next word: `-p x`, and `'-p', 'x'` in a list of arguments.
const NEXT_WORD = /^(?:$|[\s,)\]]|["']\s?[,)\]])/
const ARGUMENT_END = /["']?[ \t]?,?/y

/** Remembers the program for the flags that follow on the same line. */
export function noteProgram(scan: TextScanner, name: string, index: number): void {
  scan.program = { name, end: scan.lineEnd(index) }
}

/** The password after the flag at `index`, if the flag announces one for the program named earlier on the line. */
export function flagSpan(scan: TextScanner, index: number): Span | undefined {
  const { program, text } = scan
  if (program === undefined || index > program.end) return undefined
  const flag = text.charAt(index + 1)
  const rule = FLAGS.find(([name, flags]) => name.test(program.name) && flags.includes(flag))
  if (rule === undefined) return undefined
  const [, , place] = rule
  const isNext = NEXT_WORD.test(text.slice(index + 2, index + 6))
  if (isNext ? place === 'attached' : place === 'next') return undefined
  const from = isNext ? scan.endOf(ARGUMENT_END, index + 2) : index + 2
  const span = quotedOrWord(scan, from)
  return span === undefined || span.start > program.end ? undefined : span
}
