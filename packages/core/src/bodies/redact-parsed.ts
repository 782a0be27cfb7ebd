import { dropped } from '../json/json-leaves.js'
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

/** Levels of objects and lists, and values in total: the same as in `DEFAULT_JSON_LIMITS`. */
const MAX_DEPTH = 32
const MAX_NODES = 10_000
/** Units of work for a text that is redacted, in addition to its content. */
const TEXT_UNITS = 4
/** Units of work for each character of a new key. */
const KEY_CHAR_UNITS = 4
const PLAIN_KEY = /^[\w-]{1,64}$/
/** A key of this length is too short to contain a secret. */
const SHORT_KEY_CHARS = 12
/** The smallest double of full precision. */
const MIN_NORMAL = 2.2250738585072014e-308

/**
 * Gives the same result as `redactor.value`, but changes the document in place; it must come fresh from JSON.parse. This takes a
 * third of the time, since nearly all of a body is not changed.
 */
export function redactParsed(
  document: unknown,
  redactor: Redactor,
  budget: WorkBudget = new WorkBudget(),
): JsonValue {
  return new InPlace(redactor, budget).run(document)
}

/** As `redactParsed`, but a number that JSON.parse has changed (rounded) is replaced by its original text. */
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
  /** Keys that need no redaction themselves; most keys repeat. */
  readonly #plainKeys = new Set<string>()
  /** Whether a number is infinite, negative zero, or so small that it has lost digits. */
  #hasOddNumber = false
  /** Whether a number is zero; it may have been a very small number in the text. */
  #hasZero = false
  /** Whether a part of the document was redacted by `redactor.value`, so that its numbers were not examined here. */
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
      // The key itself may hold a secret.
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

/** Whether a value is a list of names and values (Node's `rawHeaders`, entries of a map), which is redacted as a whole. */
function isListOfPairs(key: string, value: unknown): boolean {
  if (!Array.isArray(value)) return false
  const first: unknown = value[0]
  const isEntry = Array.isArray(first) && first.length === 2 && typeof first[0] === 'string'
  return isEntry || /^(?:headers|trailers|rawHeaders|rawTrailers)$/.test(key)
}

/** Values of one document that are parsed: as many as are redacted. */
const MAX_VALUES = 10_000
/** A shorter text hardly has more values, and counting them would take longer than parsing them. */
const COUNTED_CHARS = 65_536
/** Characters that JSON.parse reads for one unit of work. */
const PARSED = 16
/** Units of work for a document, in addition to its length and its values. */
const DOCUMENT_UNITS = 10
/** Units of work for an exception of JSON.parse, which takes about 3 us. */
const FAILURE_UNITS = 30

/**
 * Parses and redacts the JSON of one body. An exception of JSON.parse takes longer than parsing most lines, so after the first
 * exception each text is checked before it is parsed.
 */
export class JsonReader {
  readonly #redactor: Redactor
  readonly #budget: WorkBudget
  #hasFailed = false

  constructor(redactor: Redactor, budget: WorkBudget) {
    this.#redactor = redactor
    this.#budget = budget
  }

  /** The redacted document of a text, or of its beginning if the text is incomplete; undefined when it is malformed. */
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
