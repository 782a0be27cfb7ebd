import { isJson } from '../json-check.js'
import { parseJson } from '../json-number.js'
import {
  DEFAULT_JSON_LIMITS,
  type JsonValue,
  type JsonVisitor,
  toJsonValue,
} from '../json-value.js'
import { parsingUnits } from './parsing-units.js'
import { redactPairs } from './positional-pairs.js'
import {
  isMarker,
  MAX_TEXT_BYTES,
  type RedactRules,
  splitAtLimit,
  truncated,
  unparsable,
} from './redact-rules.js'
import { hasShape } from './shape-scan.js'

// What an exception costs.
const EXCEPTION_UNITS = 80

// What is longer is left to JSON.parse.
const CHECKED_CHARS = 1_000

// Keys of one value whose test costs nothing; what one costs for each character when it was not met before.
const FREE_KEYS = 300
const FREE_KEY_CHARS = 32
const KEY_CHAR_UNITS = 4
// A longer key is hidden untested.
const TESTED_CHARS = 4096

/** Redacts a JSON document; one that cannot be read, or is over the limit, is dropped for a marker. */
export function redactJson(rules: RedactRules, text: string, nesting: number): string {
  if (isMarker(text)) return text
  if (splitAtLimit(text, MAX_TEXT_BYTES).marker !== '') return truncated(text)
  return redactIfJson(rules, text, nesting) ?? unparsable(text)
}

/** Redacts a text that may be a JSON document; undefined if it is none. */
export function redactIfJson(
  rules: RedactRules,
  text: string,
  nesting: number,
): string | undefined {
  // Text cannot be cut within a document, so one that there is no work left for is dropped as a whole.
  if (!rules.budget.spend(parsingUnits(text))) return truncated(text)
  const json = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  // The exception of JSON.parse takes 3 to 17 us: after the first one of a call, what is short is looked at before.
  if (rules.budget.hasMetBadJson && json.length <= CHECKED_CHARS && !isJson(json)) return undefined
  let document: unknown
  try {
    document = parseJson(json)
  } catch {
    rules.budget.hasMetBadJson = true
    rules.budget.spend(EXCEPTION_UNITS)
    return undefined
  }
  return JSON.stringify(redactValue(rules, document, nesting + 1))
}

/** A redacted copy of any value, as JSON data. */
export function redactValue(rules: RedactRules, value: unknown, nesting: number): JsonValue {
  return toJsonValue(value, DEFAULT_JSON_LIMITS, visitorOf(rules, nesting))
}

/** Whether a text starts as a JSON object or a list of them, so that it is read as JSON or dropped. */
export function startsAsObject(text: string): boolean {
  return /^[\s\uFEFF]*(?:\[[\s[]*)?\{\s*"/.test(text)
}

/** Whether a text starts as another JSON list or a JSON string; a log line may do so too. */
export function startsAsList(text: string): boolean {
  return /^[\s\uFEFF]*(?:"|\[[\s[]*(?:["{\]]|-?\d[\d.eE+-]*\s*[,\]]|(?:true|false|null)\s*[,\]]))/.test(
    text,
  )
}

function visitorOf(rules: RedactRules, nesting: number): JsonVisitor {
  const keys = new KeyWork(rules)
  const redact = (value: unknown, deeper: number): JsonValue => redactValue(rules, value, deeper)
  return {
    budget: rules.budget,
    key: (key) =>
      /^[\w-]{0,64}$/.test(key) && !hasShape(key) ? key : rules.string(key, nesting + 1),
    property: (key, value, holder) => {
      keys.count(key)
      if (rules.kept?.keeps(key, value) === true) return value as JsonValue
      if (rules.hides(key, value, holder)) return rules.censor
      return typeof value === 'object' ? redactPairs(rules, key, value, nesting, redact) : undefined
    },
    number: String,
    string: (text, maxBytes) => rules.string(text, nesting, maxBytes),
  }
}

/** Takes the work of testing the keys of one value off the budget; few and short ones are free. */
class KeyWork {
  readonly #rules: RedactRules
  #seen: Set<string> | undefined
  #count = 0

  constructor(rules: RedactRules) {
    this.#rules = rules
  }

  count(key: string): void {
    this.#count += 1
    if (this.#count <= FREE_KEYS && key.length <= FREE_KEY_CHARS) return
    this.#seen ??= new Set()
    if (this.#seen.has(key)) return
    this.#seen.add(key)
    this.#rules.budget.spend(Math.min(key.length, TESTED_CHARS) * KEY_CHAR_UNITS)
  }
}
