import { PLACEHOLDER } from './sql-scanner.js'

/** What is open: parentheses, brackets, or the rows behind VALUES. */
interface Opened {
  /** What ends it; undefined for the rows of VALUES, which end where no further row follows. */
  readonly close: string | undefined
  /** Whether equal items become one: those of `IN`, `VALUES` and `ARRAY`, not a function's arguments. */
  isMerged: boolean
  /** Index of the token that its current item begins with. */
  itemStart: number
  /** That of the item before; -1 within the first. */
  beforeStart: number
}

const VALUES = /^values?$/i
const ROW = /^row$/i
const SUBQUERY = /^(?:select|with)$/i
const SIGN = /^[+-]$/
/** Behind these a sign is that of a number. */
const BEFORE_SIGN = /^[=<>(,[+*/%-]?$/
const NO_SPACE_AFTER: ReadonlySet<string> = new Set(['', '(', '[', ',', '.', '::'])
const NO_SPACE_BEFORE: ReadonlySet<string> = new Set([')', ']', ',', ';', '.', '::'])

/** Puts the tokens of a statement together again, each list as one of its items: `IN (?, ?, ?)` becomes `IN (?)`. */
export class TokenLists {
  /** Each with the space before it. */
  readonly #tokens: string[] = []
  readonly #opened: Opened[] = []
  #last = ''
  #beforeLast = ''

  add(token: string, hasSpace: boolean): void {
    this.#endRowsBefore(token)
    const isApart = this.#dropSign(token) || hasSpace
    this.#endItemBefore(token)
    const isSpaced = isApart && !NO_SPACE_AFTER.has(this.#last) && !NO_SPACE_BEFORE.has(token)
    this.#tokens.push(isSpaced ? ` ${token}` : token)
    this.#beginItemAfter(token)
    this.#beforeLast = this.#last
    this.#last = token
  }

  /** All of it; of a statement that was cut, without the item of a list that may be half of one. */
  text(isCut: boolean): string {
    const opened = this.#opened.at(-1)
    if (opened?.close === undefined && !isCut) this.#endItem(opened)
    while (isCut && this.#opened.length > 0) this.#dropHalf(this.#opened.pop())
    while (this.#tokens.at(-1) === ';') this.#tokens.pop()
    const text = this.#tokens.map((token) => (token === ',' ? ', ' : token)).join('')
    return isCut ? `${text.trimEnd()}…` : text.trimEnd()
  }

  /** `= -5` is as `= 5`. @returns whether white space was before the sign. */
  #dropSign(token: string): boolean {
    if (token !== PLACEHOLDER || !SIGN.test(this.#last) || !BEFORE_SIGN.test(this.#beforeLast))
      return false
    this.#last = this.#beforeLast
    return this.#tokens.pop()?.startsWith(' ') === true
  }

  #endRowsBefore(token: string): void {
    const opened = this.#opened.at(-1)
    if (opened === undefined || opened.close !== undefined) return
    const isRow = token === '(' || (ROW.test(token) && !ROW.test(this.#last))
    const isExpected = this.#last === ')' ? token === ',' : isRow
    if (isExpected) return
    this.#endItem(opened)
    this.#opened.pop()
  }

  #endItemBefore(token: string): void {
    const opened = this.#opened.at(-1)
    if (token === ',') this.#endItem(opened)
    else if (opened !== undefined && token === opened.close) {
      this.#endItem(opened)
      this.#opened.pop()
    } else if (opened !== undefined && this.#last === '(' && SUBQUERY.test(token))
      opened.isMerged = false
  }

  #beginItemAfter(token: string): void {
    const itemStart = this.#tokens.length
    const opened = this.#opened.at(-1)
    if (token === ',' && opened !== undefined) opened.itemStart = itemStart
    else if (token === '(') this.#open(')', /^in$/i.test(this.#last))
    else if (token === '[') this.#open(']', this.#isArray(opened))
    else if (token.length >= 5 && VALUES.test(token)) this.#open(undefined, true)
  }

  /** `ARRAY[[?, ?], [?, ?]]` */
  #isArray(around: Opened | undefined): boolean {
    return /^array$/i.test(this.#last) || (around?.close === ']' && around.isMerged)
  }

  #open(close: string | undefined, isMerged: boolean): void {
    this.#opened.push({ close, isMerged, itemStart: this.#tokens.length, beforeStart: -1 })
  }

  /** Drops an item that is as the one before it. */
  #endItem(opened: Opened | undefined): void {
    if (opened === undefined || !opened.isMerged) return
    if (this.#isLikeBefore(opened)) this.#tokens.length = opened.itemStart - 1
    else opened.beforeStart = opened.itemStart
  }

  #isLikeBefore({ itemStart, beforeStart }: Opened): boolean {
    const length = this.#tokens.length - itemStart
    // Between the two is the comma.
    if (beforeStart < 0 || itemStart - 1 - beforeStart !== length) return false
    if (this.#tokens[beforeStart]?.trimStart() !== this.#tokens[itemStart]?.trimStart())
      return false
    for (let at = 1; at < length; at += 1)
      if (this.#tokens[beforeStart + at] !== this.#tokens[itemStart + at]) return false
    return true
  }

  #dropHalf(opened: Opened | undefined): void {
    if (opened?.isMerged && opened.beforeStart >= 0) this.#tokens.length = opened.itemStart - 1
  }
}
