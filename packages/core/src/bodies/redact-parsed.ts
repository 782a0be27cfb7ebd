import {
  hasLongNumber,
  mayChangeNumbers,
  mayHaveVanished,
  quoteInexact,
} from '../json/json-number.js'
import { isJson } from '../json/json-text.js'
import type { JsonValue } from '../json/json-value.js'
import type { Redactor } from '../redact/redactor.js'
import { isShortWordOrTime } from '../redact/shape-scan.js'
import { WorkBudget } from '../redact/work-budget.js'
import type { DescribedBody } from './body.js'
import { cutJson } from './cut-json.js'

/** Levels of objects and lists, and values in all: the same as `DEFAULT_JSON_LIMITS`. */
const MAX_DEPTH = 32
const MAX_NODES = 10_000
/** What a text that needs a look costs besides what is in it. */
const TEXT_UNITS = 4
/** What the test of a key that was not met before costs for each of its characters. */
const KEY_CHAR_UNITS = 4
const PLAIN_KEY = /^[\w-]{1,64}$/
/** No key that is so short is a secret by its shape. */
const SHORT_KEY_CHARS = 12
/** The smallest number of full precision. */
const MIN_NORMAL = 2.2250738585072014e-308

/**
 * What `redactor.value` makes of a document, made in the document itself, which JSON.parse has just made for us: a third of
 * the time, since nearly all of a body stays as it is.
 */
export function redactParsed(
  document: unknown,
  redactor: Redactor,
  budget: WorkBudget = new WorkBudget(),
): JsonValue {
  return new InPlace(redactor, budget).run(document)
}

/** As `redactParsed`; each number that JSON.parse has changed is the text that it was written as. */
export function redactDocument(
  document: unknown,
  text: string,
  redactor: Redactor,
  budget: WorkBudget,
): JsonValue {
  if (!hasLongNumber(text)) {
    const redaction = new InPlace(redactor, budget)
    const redacted = redaction.run(document)
    if (!redaction.mayHaveChanged(text)) return redacted
  }
  return redactParsed(JSON.parse(quoteInexact(text)), redactor, budget)
}

class InPlace {
  readonly #redactor: Redactor
  readonly #budget: WorkBudget
  #nodes = 0
  #isOverLimits = false
  /** Keys that were looked at; most come again and again. */
  readonly #plainKeys = new Set<string>()
  /** Whether a number was infinite, negative zero, or so small that it has lost digits. */
  #hasOddNumber = false
  /** Whether there was a zero; a very small number may have become it. */
  #hasZero = false
  /** Whether a part of the document was left to the redactor, so that its numbers were not seen. */
  #hasUnseen = false

  constructor(redactor: Redactor, budget: WorkBudget) {
    this.#redactor = redactor
    this.#budget = budget
  }

  /** Whether JSON.parse may have changed a number of up to 15 digits in this text. */
  mayHaveChanged(text: string): boolean {
    return (
      this.#hasOddNumber ||
      (this.#hasZero && mayHaveVanished(text)) ||
      (this.#hasUnseen && mayChangeNumbers(text))
    )
  }

  run(document: unknown): JsonValue {
    const redacted = this.#value(document, 0)
    this.#budget.spend(this.#nodes)
    return this.#isOverLimits ? this.#whole(redacted) : redacted
  }

  #value(value: unknown, depth: number): JsonValue {
    this.#nodes += 1
    if (typeof value === 'string') return this.#string(value)
    if (typeof value === 'number') return this.#number(value)
    if (typeof value !== 'object' || value === null) return value as boolean | null
    if (depth >= MAX_DEPTH || this.#nodes >= MAX_NODES) {
      this.#isOverLimits = true
      return value as JsonValue
    }
    return Array.isArray(value)
      ? this.#list(value, depth)
      : this.#object(value as Record<string, unknown>, depth)
  }

  #string(text: string): string {
    if (isShortWordOrTime(text)) return text
    this.#budget.spend(TEXT_UNITS)
    return String(this.#redactor.value(text, this.#budget))
  }

  #number(value: number): number {
    if (value >= MIN_NORMAL && value < Number.POSITIVE_INFINITY) return value
    if (value === 0 && !Object.is(value, -0)) this.#hasZero = true
    else if (!(value <= -MIN_NORMAL && value > Number.NEGATIVE_INFINITY)) this.#hasOddNumber = true
    return value
  }

  #list(list: unknown[], depth: number): JsonValue {
    for (let at = 0; at < list.length; at += 1) {
      if (this.#budget.isSpent) {
        const left = list.length - at
        list.length = at
        list.push(dropped(left))
        break
      }
      list[at] = this.#value(list[at], depth + 1)
    }
    return list as JsonValue[]
  }

  #object(object: Record<string, unknown>, depth: number): JsonValue {
    const keys = Object.keys(object)
    let left = keys.length
    for (const key of keys) {
      if (this.#budget.isSpent) {
        for (const rest of keys.slice(-left)) delete object[rest]
        object['[truncated]'] = dropped(left)
        break
      }
      left -= 1
      // A key that may need a change itself.
      if (!this.#plainKeys.has(key)) {
        if (this.#needsChange(key)) return this.#whole(object)
        this.#plainKeys.add(key)
        this.#budget.spend(key.length * KEY_CHAR_UNITS)
      }
      const value = object[key]
      if (value === null || typeof value === 'boolean') continue
      if (this.#redactor.keeps?.(key, value) === true) continue
      if (isListOfPairs(key, value)) return this.#whole(object)
      object[key] = this.#redactor.hides(key, value, object)
        ? this.#redactor.censor
        : this.#value(value, depth + 1)
    }
    return object as { [key: string]: JsonValue }
  }

  #needsChange(key: string): boolean {
    if (key === '__proto__' || !PLAIN_KEY.test(key)) return true
    return key.length > SHORT_KEY_CHARS && this.#redactor.value(key) !== key
  }

  #whole(value: unknown): JsonValue {
    this.#hasUnseen = true
    return this.#redactor.value(value, this.#budget)
  }
}

/** Names and values beside each other (Node's `rawHeaders`, entries of a map), which the redactor takes as a whole. */
function isListOfPairs(key: string, value: unknown): boolean {
  if (!Array.isArray(value)) return false
  const first: unknown = value[0]
  const isEntry = Array.isArray(first) && first.length === 2 && typeof first[0] === 'string'
  return isEntry || /^(?:headers|trailers|rawHeaders|rawTrailers)$/.test(key)
}

function dropped(items: number): string {
  return `[truncated: ${items} items]`
}

/** Values of one document that are read; as many as are redacted. */
const MAX_VALUES = 10_000
/** A shorter text has hardly more values, and counting them would take longer than reading them. */
const COUNTED_CHARS = 65_536
/** Characters that JSON.parse reads for one unit of work. */
const PARSED = 16
/** What a document costs besides its length and its values. */
const DOCUMENT_UNITS = 10
/** What an exception of JSON.parse costs: about 3 us. */
const FAILURE_UNITS = 30

/**
 * Reads and redacts the JSON of one body. JSON.parse tells what is malformed by an exception, which takes longer than most
 * lines do to be read; so after the first one each text is looked at before.
 */
export class JsonReader {
  readonly #redactor: Redactor
  readonly #budget: WorkBudget
  #hasFailed = false

  constructor(redactor: Redactor, budget: WorkBudget) {
    this.#redactor = redactor
    this.#budget = budget
  }

  /** The redacted document of a text, or of its beginning; undefined for what is malformed. */
  read(text: string, isWhole: boolean): DescribedBody | undefined {
    if (isWhole && text.length <= COUNTED_CHARS) return this.#document(text, false)
    const cut = cutJson(text, MAX_VALUES)
    if (isWhole && cut?.isOver !== true) return this.#document(text, false)
    return cut === undefined ? undefined : this.#document(cut.text, cut.isOver)
  }

  #document(text: string, isTruncated: boolean): DescribedBody | undefined {
    this.#budget.spend(DOCUMENT_UNITS + text.length / PARSED)
    if (this.#hasFailed && !isJson(text)) return undefined
    try {
      const document: unknown = JSON.parse(text)
      return { value: redactDocument(document, text, this.#redactor, this.#budget), isTruncated }
    } catch {
      this.#hasFailed = true
      this.#budget.spend(FAILURE_UNITS)
      return undefined
    }
  }
}
