import type { SqlDialect } from './sql-dialect.js'
import {
  commentEnd,
  dollarQuotedEnd,
  isClosed,
  lineEnd,
  oracleQuotedEnd,
  quotedEnd,
} from './sql-literals.js'

/** What takes the place of each literal and placeholder. */
export const PLACEHOLDER = '?'

/** A longer one is no name: no database allows more than 128 characters. */
const MAX_NAME_CHARS = 130
const CONTROL = /\p{Cc}/u

const WHITE_SPACE = /[\s\0]+/y
const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y
// With everything that adheres to it: `0xff`, `1_000`, `1.5e-3`; `12abc` is no name that should be shown.
const NUMBER = /\.?\d(?:[eE][+-]\d|[\w.\u0080-\uffff])*/y
const NAMED_PLACEHOLDER = /[:@$][\w\u0080-\uffff][\w$\u0080-\uffff]*/y
const MYSQL_VARIABLE = /@@?[\w$.\u0080-\uffff]+/y
/** `-`, `/`, `*` and `#` */
const COMMENT_STARTS: ReadonlySet<number> = new Set([0x2d, 0x2f, 0x2a, 0x23])
const LITERAL_PREFIX = /^(?:[enxb]|_\w+)$/i
const MYSQL_CODE = /\/\*M?!\d*/y
/** What SQLite has a value behind, rather than a name. */
const BEFORE_VALUE = /^(?:[=<>]|like|glob|match|regexp)$/i

/** Reads SQL token by token. Each character is looked at once, so the time is that of the length. */
export class SqlScanner {
  readonly #sql: string
  readonly #dialect: SqlDialect
  #at = 0
  #last = ''
  /** Whether white space or a comment was before the token that was read last. */
  hasSpaceBefore = false
  /** Whether the last token was PostgreSQL's E'', which a further literal in the next line continues. */
  #isEscaped = false

  constructor(sql: string, dialect: SqlDialect) {
    this.#sql = sql
    this.#dialect = dialect
  }

  /** The next token without its value; undefined at the end. */
  next(): string | undefined {
    const start = this.#at
    this.#skipSpace()
    this.hasSpaceBefore = this.#at > start
    if (this.#at >= this.#sql.length) return undefined
    const isEscaped = this.#isEscaped
    this.#isEscaped = false
    this.#last = this.#token(isEscaped)
    return this.#last
  }

  #token(isContinued: boolean): string {
    const { hasBackslashes, hasBracketNames, hasDollarQuotes, hasQuotedText } = this.#dialect
    const char = this.#sql.charAt(this.#at)
    switch (char) {
      case "'":
        this.#isEscaped = isContinued
        return this.#literalTo(quotedEnd(this.#sql, this.#at, "'", hasBackslashes || isContinued))
      case '"':
        if (hasQuotedText) return this.#literalTo(quotedEnd(this.#sql, this.#at, '"', true))
        return this.#quotedName('"')
      case '`':
        return this.#quotedName('`')
      case '[':
        return hasBracketNames ? this.#quotedName(']') : this.#one()
      case '$': {
        const end = hasDollarQuotes ? dollarQuotedEnd(this.#sql, this.#at) : undefined
        if (end !== undefined) return this.#literalTo(end)
        return this.#placeholder() ?? this.#one()
      }
      case ':':
        if (this.#sql.charAt(this.#at + 1) === ':') return this.#taken(2)
        return this.#placeholder() ?? this.#one()
      case '@':
        if (this.#dialect.hasSessionVariables) return this.#match(MYSQL_VARIABLE) ?? this.#one()
        // `@@name` is a setting of SQL Server.
        if (this.#sql.charAt(this.#at + 1) === '@') return this.#taken(2)
        return this.#placeholder() ?? this.#one()
      case '?':
        return this.#afterQuestionMark()
      default:
        return (isNumberStart(char) ? this.#number() : this.#word()) ?? this.#one()
    }
  }

  #skipSpace(): void {
    for (;;) {
      const from = this.#at
      if (isSpace(this.#sql.charCodeAt(from))) this.#match(WHITE_SPACE)
      if (COMMENT_STARTS.has(this.#sql.charCodeAt(this.#at))) this.#skipComment()
      if (this.#at === from) return
    }
  }

  #skipComment(): void {
    const { hasMysqlComments, nestsComments } = this.#dialect
    const two = this.#sql.slice(this.#at, this.#at + 2)
    if (two === '/*') {
      if (hasMysqlComments && this.#match(MYSQL_CODE) !== undefined) return
      this.#at = commentEnd(this.#sql, this.#at, nestsComments)
    } else if (two === '*/' && hasMysqlComments) this.#at += 2
    else if (two.startsWith('#') && hasMysqlComments) this.#at = lineEnd(this.#sql, this.#at)
    else if (two === '--' && this.#isDashComment()) this.#at = lineEnd(this.#sql, this.#at)
  }

  /** MySQL takes `5--1` as 5 minus -1. */
  #isDashComment(): boolean {
    if (!this.#dialect.hasMysqlComments) return true
    const after = this.#sql.charCodeAt(this.#at + 2)
    return Number.isNaN(after) || after <= 0x20
  }

  #word(): string | undefined {
    const word = this.#match(WORD)
    if (word === undefined || this.#sql.charAt(this.#at) !== "'") return word
    const { hasBackslashes, hasOracleQuotes } = this.#dialect
    if (hasOracleQuotes && /^n?q$/i.test(word))
      return this.#literalTo(oracleQuotedEnd(this.#sql, this.#at))
    if (!LITERAL_PREFIX.test(word)) return word
    this.#isEscaped = /^e$/i.test(word)
    return this.#literalTo(quotedEnd(this.#sql, this.#at, "'", hasBackslashes || this.#isEscaped))
  }

  #number(): string | undefined {
    return this.#match(NUMBER) === undefined ? undefined : PLACEHOLDER
  }

  #placeholder(): string | undefined {
    return this.#match(NAMED_PLACEHOLDER) === undefined ? undefined : PLACEHOLDER
  }

  /** `?`, `?1`, and PostgreSQL's operators `?|` and `?&`, which are kept. */
  #afterQuestionMark(): string {
    this.#at += 1
    this.#number()
    return PLACEHOLDER
  }

  #quotedName(close: string): string {
    const start = this.#at
    const end = quotedEnd(this.#sql, start, close, false)
    const text = this.#sql.slice(start, end)
    const isName = text.length <= MAX_NAME_CHARS && isClosed(text, close) && !CONTROL.test(text)
    if (!isName || (close === '"' && this.#isSqliteText(end))) return this.#literalTo(end)
    this.#at = end
    return text
  }

  #isSqliteText(end: number): boolean {
    return (
      this.#dialect.mayHaveQuotedText &&
      BEFORE_VALUE.test(this.#last) &&
      this.#sql.charAt(end) !== '.'
    )
  }

  #literalTo(end: number): string {
    this.#at = end
    return PLACEHOLDER
  }

  #one(): string {
    return this.#taken(1)
  }

  #taken(chars: number): string {
    const start = this.#at
    this.#at += chars
    return this.#sql.slice(start, this.#at)
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#sql)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }
}

/** ASCII's, and what may be among the others. */
function isSpace(code: number): boolean {
  return code <= 0x20 || code >= 0x80
}

function isNumberStart(char: string): boolean {
  return (char >= '0' && char <= '9') || char === '.'
}
