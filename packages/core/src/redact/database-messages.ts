import type { RedactRules } from './redact-rules.js'
import { TextScanner } from './text-scanner.js'

/*
 * Cuts the values that databases and their drivers quote in the messages of errors, whatever column they belong to: what was bound to a
 * statement comes back in `invalid input syntax for type integer: "x"`. The messages are those of the servers in English.
 */

/** A message that quotes a value: the words before the value, and where the value ends. In JSON its quotes are behind backslashes. */
interface Shape {
  /** The source of a regular expression, up to the first character of the value. It has no groups that capture. */
  readonly head: string
  /** What follows the value, as such a source. Without it the value extends to the last quote of the line like the one before it. */
  readonly tail?: string
  /** Whether the value may have several lines before its tail. */
  readonly isLong?: boolean
  /** Whether a value without its tail extends to the last quote of the line. */
  readonly mayLackTail?: boolean
  /** For values that are not quoted. */
  readonly end?: (scan: TextScanner, start: number) => number
}

const lineEnd = (scan: TextScanner, start: number): number => scan.lineEnd(start)

/** Of each the server or library, with the version that the message was seen at or whose source has it. */
const SHAPES: readonly Shape[] = [
  // PostgreSQL 18 (9.6 to 17 alike): SQLSTATE 22P02, 22003, 22007, 22008, 22023, 42601.
  { head: 'invalid input (?:syntax|value) for [^":\\r\\n]{1,100}: "' },
  { head: '(?:malformed (?:array|record|(?:multi)?range) literal|field value out of range): "' },
  { head: 'syntax error in ts(?:query|vector): "' },
  { head: '\\bvalue "', tail: '" (?:is out of range for type|for ")' },
  { head: '"(?=[-+.\\d][^"\\r\\n]{0,400}" is out of range for type )', tail: '" is out' },
  { head: 'time zone "', tail: '" not recognized' },
  // PostgreSQL 18: the detail of 22P02 for JSON, and `where`.
  { head: '\\bToken "', tail: '" is invalid' },
  { head: ', but found "' },
  { head: 'JSON data, line \\d{1,9}: ', end: lineEnd },
  { head: 'COPY [^\\s,]{1,200}, line \\d{1,20}(?:, column [^\\s:]{1,200})?: "' },
  // PostgreSQL 13 and later with log_parameter_max_length_on_error.
  { head: 'portal (?:"[^"\\r\\n]{1,200}" )?with parameters: ', end: lineEnd },
  { head: 'portal (?:"[^"\\r\\n]{1,200}" )?parameter \\$\\d{1,5} = ', end: lineEnd },
  // PostgreSQL 42601, 42602, 22025 `at or near "x"`; SQLite 3 `near "x": syntax error`.
  { head: '\\bat or near "' },
  { head: '\\bnear "', tail: '": syntax error' },
  { head: '\\bunrecognized token: "' },
  { head: 'no such column: "', tail: '" - should this be a string literal' },
  // MariaDB 11 and MySQL 8: ER_DUP_ENTRY, ER_TRUNCATED_WRONG_VALUE(_FOR_FIELD), ER_PARSE_ERROR, ER_DATA_OUT_OF_RANGE and others.
  { head: "Duplicate entry '", tail: "' for key", isLong: true, mayLackTail: true },
  {
    head: "Incorrect [\\w .()]{1,30}value: '",
    tail: "' for (?:column|function)",
    mayLackTail: true,
  },
  { head: "Truncated incorrect [\\w .()]{1,30}value: '" },
  { head: "\\bnear '", tail: "' at line \\d", isLong: true },
  { head: "nvalid \\w{1,20} character string: '" },
  { head: "nknown or incorrect time zone: '" },
  { head: "value is out of range in '" },
  // MongoDB 4.2 and later E11000; before, without the names.
  { head: ' dup key: \\{ ', end: (scan, start) => lastOnLine(scan, start, ' }') },
  // Mongoose 5 and later.
  { head: 'Cast to [\\w ]{1,60} failed for value "', tail: '" \\(type ', isLong: true },
  // Redis 4 and later.
  { head: 'with args beginning with: ', end: lineEnd },
  // Drizzle 0.44 and later; as a text, and in JSON.
  { head: '\\nparams: ', end: paramsEnd },
  { head: '\\\\nparams: ', end: (scan, start) => scan.next('"', start) },
]

const SHAPE = new RegExp(SHAPES.map(({ head }) => `(${escapable(head)})`).join('|'), 'g')
const TAILS = SHAPES.map(({ tail }) => tail && new RegExp(escapable(tail), 'g'))
/** The end of a value that fills the rest of a string of JSON. */
const ESCAPED_END = /\\{1,7}"(?=\.?")/g

/** Matches every text that holds one of the heads: none of them lacks all of these words. */
const HINT =
  /invalid |malformed |out of range|syntax error|near \\{0,7}["']|zone|Token |found |line \d|portal |token: |no such column|Duplicate entry|ncorrect |character string|dup key|Cast to |args begin|nparams: |\nparams: /

const DRIZZLE = 'Failed query: '
// What this package puts behind a message.
const NEXT_MESSAGE = /\n(?:caused by|with the error): /g

/** The text without the values that its messages of databases quote. */
export function redactDatabaseMessages(rules: RedactRules, text: string): string {
  if (!HINT.test(text)) return text
  const scan = new TextScanner(rules, text)
  let redacted = ''
  let done = 0
  for (let found = nextShape(text, 0); found !== null && !rules.budget.isSpent; ) {
    const start = found.index + found[0].length
    const end = endOf(scan, found.indexOf(found[0], 1) - 1, start)
    if (end > start) {
      redacted += text.slice(done, start) + rules.censor
      done = end
    }
    found = nextShape(text, Math.max(start, end))
  }
  return done === 0 ? text : redacted + text.slice(done)
}

function nextShape(text: string, from: number): RegExpExecArray | null {
  SHAPE.lastIndex = from
  return SHAPE.exec(text)
}

/** The end of the value that starts at an index, by the number of its shape; -1 when the text only begins like it. */
function endOf(scan: TextScanner, number: number, start: number): number {
  const { end, isLong, mayLackTail } = SHAPES[number] ?? {}
  if (end !== undefined) return end(scan, start)
  const tail = TAILS[number]
  if (tail === undefined) return quoteEnd(scan, start)
  const at = scan.next(tail, start)
  if (at < (isLong === true ? scan.frameStart(start) : scan.lineEnd(start))) return at
  return mayLackTail === true ? quoteEnd(scan, start) : -1
}

function quoteEnd(scan: TextScanner, start: number): number {
  const { text } = scan
  const quote = text.charAt(start - 1)
  if (text.charAt(start - 2) !== '\\') return lastOnLine(scan, start, quote)
  const end = scan.next(ESCAPED_END, start)
  return end < scan.lineEnd(start) ? end : lastOnLine(scan, start, `\\${quote}`)
}

/** The last place of a closing mark on the line: databases do not escape a quote in the value. A value of several lines ends with the first. */
function lastOnLine(scan: TextScanner, start: number, mark: string): number {
  const line = scan.lineEnd(start)
  const at = scan.text.lastIndexOf(mark, line - mark.length)
  scan.charge(line - start)
  if (at >= start) return at
  return Math.min(scan.next(mark, start), scan.frameStart(start))
}

/** The source of a pattern that also matches where its quotes are escaped. */
function escapable(source: string): string {
  return source.replace(/(?<!\[\^)"/g, '\\\\{0,7}"')
}

function paramsEnd(scan: TextScanner, start: number): number {
  if (scan.next(DRIZZLE, 0) > start) return -1
  return Math.min(scan.frameStart(start), scan.next(NEXT_MESSAGE, start))
}
