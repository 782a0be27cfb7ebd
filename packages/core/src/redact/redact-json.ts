import { parseJson } from '../json/json-number.js'
import { isJson } from '../json/json-text.js'
import { DEFAULT_JSON_LIMITS, type JsonValue, type JsonVisitor } from '../json/json-value.js'
import { toJsonValue } from '../json/to-json-value.js'
import {
  isMarker,
  MAX_NESTING,
  MAX_TEXT_BYTES,
  type RedactRules,
  splitAtLimit,
  TOO_DEEP,
  truncated,
  unparsable,
} from './redact-rules.js'
import { hasShape } from './shape-scan.js'

// Units of work for an exception of JSON.parse.
const EXCEPTION_UNITS = 80

// Longest text that is checked before it is parsed.
const CHECKED_CHARS = 1_000

// The first keys of a value are free; each further new key costs units for each of its characters.
const FREE_KEYS = 300
const FREE_KEY_CHARS = 32
const KEY_CHAR_UNITS = 4
// A longer key counts as the name of a secret without a test.
const TESTED_CHARS = 4096

/** Redacts a JSON document; one that cannot be parsed or is too long is replaced by a marker. */
export function redactJson(rules: RedactRules, text: string, nesting: number): string {
  if (isMarker(text)) return text
  if (splitAtLimit(text, MAX_TEXT_BYTES).marker !== '') return truncated(text)
  return redactIfJson(rules, text, nesting) ?? unparsable(text)
}

/** Redacts a text that may be a JSON document; undefined when it is not one. */
export function redactIfJson(
  rules: RedactRules,
  text: string,
  nesting: number,
): string | undefined {
  // A document cannot be cut, so it is dropped when there is not enough work left for all of it.
  if (!rules.budget.spend(parsingUnits(text))) return truncated(text)
  const json = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  // An exception of JSON.parse takes 3 to 17 us, so after the first one of a call short texts are checked before they are parsed.
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

/** Whether a text starts as a JSON object or a list of objects. It is then parsed, or dropped when that fails. */
export function startsAsObject(text: string): boolean {
  return /^[\s\uFEFF]*(?:\[[\s[]*)?\{\s*"/.test(text)
}

/** Whether a text starts as any other JSON list or as a JSON string. A log line may start so too. */
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
      if (isBound(key, value, holder)) return rules.censor
      return typeof value === 'object' ? redactPairs(rules, key, value, nesting, redact) : undefined
    },
    number: String,
    string: (text, maxBytes) => rules.string(text, nesting, maxBytes),
  }
}

/**
 * Where drivers keep what was bound, on the error: ioredis and @redis/client, TypeORM and Sequelize, Drizzle, Knex, MongoDB.
 */
const BOUND_KEYS: ReadonlySet<string> = new Set([
  'command',
  'parameters',
  'params',
  'bindings',
  'keyValue',
])

function isBound(key: string, value: unknown, holder: object): boolean {
  if (!BOUND_KEYS.has(key) || typeof value !== 'object') return false
  return value !== null && holder instanceof Error
}

/** Subtracts the work for testing the keys of one value from the budget. A few short keys are free. */
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

// Units of work of JSON.parse, measured: for a character, a bracket, a property whose key is known, and a new key.
const CHAR_UNITS = 1 / 64
const BRACKET_UNITS = 0.5
const PROPERTY_UNITS = 0.3
const NEW_KEY_UNITS = 8
const KEY = /"((?:[^"\\]|\\.){0,64})"\s{0,8}:/
const SAMPLE_CHARS = 256
const SAMPLES = 64
const SAMPLED_FROM_CHARS = 1024
// For a shorter text the estimate is a rate for each character.
const COUNTED_FROM_CHARS = 1024
const SHORT_CHAR_UNITS = 1 / 8

/** Estimates the units of work for parsing a text. Documents of brackets alone and of different keys alone cost most. */
export function parsingUnits(text: string): number {
  if (text.length < COUNTED_FROM_CHARS) return text.length * SHORT_CHAR_UNITS
  let brackets = 0
  let properties = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 58) properties += 1
    else if (code === 91 || code === 123) brackets += 1
  }
  return (
    text.length * CHAR_UNITS +
    brackets * BRACKET_UNITS +
    properties * (PROPERTY_UNITS + NEW_KEY_UNITS * newKeyShare(text, properties))
  )
}

/** The share of keys that occur for the first time, estimated from a sample. */
function newKeyShare(text: string, properties: number): number {
  if (properties < SAMPLES || text.length < SAMPLED_FROM_CHARS) return 0
  const keys = new Set<string>()
  const step = Math.floor(text.length / SAMPLES)
  let sampled = 0
  for (let at = 0; at < text.length; at += step) {
    const key = KEY.exec(text.slice(at, at + SAMPLE_CHARS))?.[1]
    if (key === undefined) continue
    sampled += 1
    keys.add(key)
  }
  return sampled === 0 ? 0 : keys.size / sampled
}

const MAX_PAIRS = 1000

/**
 * Redacts a list of names and values: Node's `rawHeaders` and undici's `headers` (`['Cookie', 'a=b', ...]`), and entries
 * (`[['password', 'x'], ...]`). Undefined when the value is not such a list, or holds no secret entry.
 */
export function redactPairs(
  rules: RedactRules,
  key: string,
  value: unknown,
  nesting: number,
  redact: (value: unknown, nesting: number) => JsonValue,
): JsonValue | undefined {
  if (!isArray(value) || value.length < 1) return undefined
  const hidden = isFlat(key, value) ? hideFlat(rules, value) : hideEntries(rules, value)
  if (hidden === undefined) return undefined
  return nesting >= MAX_NESTING ? TOO_DEEP : redact(hidden, nesting + 1)
}

function isFlat(key: string, value: readonly unknown[]): boolean {
  if (key === 'rawHeaders' || key === 'rawTrailers') return true
  if (key !== 'headers' && key !== 'trailers') return false
  return value.length % 2 === 0 && value.every((item) => typeof item === 'string')
}

function hideFlat(rules: RedactRules, list: readonly unknown[]): unknown[] {
  return list
    .slice(0, 2 * MAX_PAIRS)
    .map((item, at) =>
      at % 2 === 1 && rules.isSensitiveHeader(String(list[at - 1])) ? rules.censor : item,
    )
}

function hideEntries(rules: RedactRules, list: readonly unknown[]): unknown[] | undefined {
  if (!isEntry(list[0])) return undefined
  const entries = list.slice(0, MAX_PAIRS)
  if (!entries.every(isEntry)) return undefined
  if (!entries.some((entry) => isSecret(rules, entry))) return undefined
  return list.map((entry) =>
    isEntry(entry) && isSecret(rules, entry) ? [entry[0], rules.censor] : entry,
  )
}

function isSecret(rules: RedactRules, [name, value]: readonly [string, unknown]): boolean {
  return rules.hides(name, value) || (typeof value === 'string' && rules.isSensitiveHeader(name))
}

function isEntry(value: unknown): value is [string, unknown] {
  return isArray(value) && value.length === 2 && typeof value[0] === 'string'
}

/** Whether a value is an array. Never throws, also for a revoked Proxy. */
export function isArray(value: unknown): value is unknown[] {
  try {
    return Array.isArray(value)
  } catch {
    // A revoked Proxy.
    return false
  }
}
