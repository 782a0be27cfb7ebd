import type { RedactRules } from './redact-rules.js'
import { TextScanner } from './text-scanner.js'

/*
 * Cuts the literals of SQL statements in a text: Knex and MikroORM put the statement with all that was bound to it before the message of
 * an error, `insert into "users" ("email") values ('x') - duplicate key ...`, and other libraries log it.
 */

const VERB = /\b(?:insert|replace|update|delete|select|with|call)\s/gi
const NAME = '(?:["`[\\w$.\\]\\\\-]|[^\\x00-\\x7f]){1,200}'
/** What is a statement by its first words. */
const STATEMENT = new RegExp(
  [
    `(?:insert|replace)\\s+(?:ignore\\s+)?into\\s+${NAME}\\s*(?:\\(|values?\\b|select\\b|set\\b)`,
    `update\\s+${NAME}\\s+(?:as\\s+\\w{1,60}\\s+)?set\\s+${NAME}\\s*=`,
    `delete\\s+from\\s+${NAME}\\s+(?:as\\s+\\w{1,60}\\s+)?(?:where|using)\\s`,
  ].join('|'),
  'iy',
)
const FROM = /\bfrom\s/gi
const CLAUSE = /\b(?:where|having|join|limit)\s/gi
/** Between the words of a SELECT by which it is known. */
const MAX_CHARS_BETWEEN = 4_096
/** Knex and MikroORM: the message of the error follows. `a - b and c` is arithmetic. */
const MESSAGE_WORDS =
  ' - (?!\\w+ (?:and|or|from|as|where|order|group|limit|then|end|else)\\b)[A-Za-z_]\\w*:? ["\'A-Za-z]'
const MESSAGE = new RegExp(MESSAGE_WORDS, 'gi')
const MESSAGE_HERE = new RegExp(MESSAGE_WORDS, 'iy')
const OPERATOR = /[(=]/g
const PARAMETERS = /(?:\n|\\n)params: /g
/** Where a literal, a quoted name or the message may begin. */
const TOKEN = /['"`]| - |(?<=[=<>(,+*/|-]\s?|\b(?:limit|offset|between|and|in|values)\s)-?\d/gi
const NUMBER = /-?\d[\w.]*/y
const LITERAL_MARK = /['"\\]/g
/** What stands before the apostrophe of a word, but not before a literal: `E'x'`, `_utf8'x'`. */
const WORD_BEFORE = /\w$/
/** What does not follow a literal: in JSON, `it\\\\'s` has an escaped quote. */
const WORD_AFTER = /\w/
/** What stands before the quote that ends a statement which is quoted itself, in a source file or in JSON, and not before a literal. */
const BEFORE_OUTER_END = /[\w?)\];]$/
/** A time that a report puts behind a statement. */
const MILLISECONDS = / ms\b/y
const LITERAL_PREFIX = /(?:^|[^\w$])(?:[enxb]|_\w{1,20})$/i

const PRISMA = /nvalid `[^`\r\n]{1,200}` invocation(?::| in)/g
const PARAGRAPH = /\n[ \t]*\n(?=[A-Z])/g
const PRISMA_VALUE = /"(?:[^"\\\r\n]|\\.)+"|(?<=[:[,] )-?\d[\w.]*/g

/** The text with the values of Prisma's messages cut: the arguments of the call, up to the paragraph that says what is wrong. */
export function redactPrismaCalls(rules: RedactRules, text: string): string {
  PRISMA.lastIndex = 0
  const found = PRISMA.exec(text)
  if (found === null) return text
  const scan = new TextScanner(rules, text)
  const start = found.index + found[0].length
  const end = Math.min(scan.next(PARAGRAPH, start), scan.frameStart(start))
  scan.charge(8 * (end - start))
  const call = text
    .slice(start, end)
    .replace(PRISMA_VALUE, (value) => (value.startsWith('"') ? `"${rules.censor}"` : rules.censor))
  return text.slice(0, start) + call + text.slice(end)
}

/** The text with the literals of its statements cut; names and words are kept. */
export function redactStatements(rules: RedactRules, text: string): string {
  const first = nextVerb(text, 0)
  if (first === -1) return text
  const scan = new TextScanner(rules, text)
  const cut = new CutText(text, rules.censor)
  for (let at = first; at !== -1 && !rules.budget.isSpent; ) {
    const end = isStatement(scan, at) ? cutLiterals(scan, at, cut) : at + 1
    at = nextVerb(text, end)
  }
  return cut.text
}

/** A text of which parts are replaced, from left to right. */
class CutText {
  readonly #whole: string
  readonly #censor: string
  #kept = ''
  #done = 0

  constructor(whole: string, censor: string) {
    this.#whole = whole
    this.#censor = censor
  }

  get text(): string {
    return this.#done === 0 ? this.#whole : this.#kept + this.#whole.slice(this.#done)
  }

  cut(start: number, end: number): void {
    if (end <= start) return
    this.#kept += this.#whole.slice(this.#done, start) + this.#censor
    this.#done = end
  }
}

function nextVerb(text: string, from: number): number {
  VERB.lastIndex = from
  return VERB.exec(text)?.index ?? -1
}

function isStatement(scan: TextScanner, at: number): boolean {
  if (scan.endOf(STATEMENT, at) > at) return true
  // Behind nothing, the name of an error, or the quote that opens a string of JSON.
  if (at === 0 || /: $|"$/.test(scan.text.slice(Math.max(0, at - 2), at))) {
    const message = scan.next(MESSAGE, at)
    if (message < scan.frameStart(at) && scan.next(OPERATOR, at) < message) return true
  }
  if (!/s/i.test(scan.text.charAt(at))) return false
  const from = scan.next(FROM, at)
  if (from - at > MAX_CHARS_BETWEEN) return false
  const clause = scan.next(CLAUSE, from)
  return clause < scan.text.length && clause - from <= MAX_CHARS_BETWEEN
}

/** Cuts the literals of the statement at an index. Returns where it ends. */
function cutLiterals(scan: TextScanner, at: number, cut: CutText): number {
  const { text } = scan
  const limit = Math.min(scan.frameStart(at), scan.next(PARAMETERS, at))
  const outer = text
    .slice(Math.max(0, at - 24), at)
    .trimEnd()
    .at(-1)
  // MySQL writes names in backticks and may write literals in double quotes.
  let isMysql = false
  TOKEN.lastIndex = at
  for (let token = TOKEN.exec(text); token !== null && token.index < limit; ) {
    const { 0: mark, index } = token
    let end = index + mark.length
    if (mark === ' - ') {
      if (scan.endOf(MESSAGE_HERE, index) > index) return index
    } else if (mark === outer && isOuterEnd(text, index)) {
      return end
    } else if (mark === "'" || (mark === '"' && isMysql)) {
      if (isLiteral(text, index)) {
        const close = literalEnd(scan, end, mark, limit)
        cut.cut(end, close)
        end = close + 1
      }
    } else if (mark === '"' || mark === '`') {
      isMysql ||= mark === '`'
      const close = scan.next(mark, end)
      if (close < limit) end = close + 1
    } else {
      end = scan.endOf(NUMBER, index)
      if (scan.endOf(MILLISECONDS, end) <= end) cut.cut(index, end)
    }
    scan.charge(8 * (end - index))
    if (scan.rules.budget.isSpent) return limit
    TOKEN.lastIndex = end
    token = TOKEN.exec(text)
  }
  return limit
}

/** Whether a quote like the one before the statement ends it: what comes after it is no longer SQL. */
function isOuterEnd(text: string, index: number): boolean {
  const before = text.slice(Math.max(0, index - 24), index)
  if (BEFORE_OUTER_END.test(before)) return !LITERAL_PREFIX.test(before)
  // The template of a source file, whose last line is white space.
  return text.charAt(index) === '`' && /\n[ \t]*$/.test(before)
}

function isLiteral(text: string, open: number): boolean {
  const before = text.slice(Math.max(0, open - 24), open)
  return !WORD_BEFORE.test(before) || LITERAL_PREFIX.test(before)
}

/** The quote that ends a literal, which is neither doubled nor behind a backslash; the limit when there is none. */
function literalEnd(scan: TextScanner, start: number, quote: string, limit: number): number {
  const { text } = scan
  for (let at = scan.next(LITERAL_MARK, start); at < limit; ) {
    const char = text.charAt(at)
    const isPair = char === '\\' || (char === quote && text.charAt(at + 1) === quote)
    if (char === quote && !isPair && !WORD_AFTER.test(text.charAt(at + 1))) return at
    at = scan.next(LITERAL_MARK, at + (isPair ? 2 : 1))
  }
  return limit
}
