import { isJson } from '../json-check.js'
import { parseJson } from '../json-number.js'
import {
  DEFAULT_JSON_LIMITS,
  type JsonValue,
  type JsonVisitor,
  toJsonValue,
} from '../json-value.js'
import { mayBeJson } from './json-look.js'
import {
  isMarker,
  MAX_TEXT_BYTES,
  type RedactRules,
  splitAtLimit,
  truncated,
  unparsable,
} from './redact-rules.js'

// What an exception costs.
const EXCEPTION_UNITS = 80

// Characters that JSON.parse reads for one unit of work.
const PARSED = 16
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
  if (splitAtLimit(text, MAX_TEXT_BYTES).marker !== '') return truncated(Buffer.byteLength(text))
  return redactIfJson(rules, text, nesting) ?? unparsable(text)
}

/** Redacts a text that may be a JSON document; undefined if it is none. */
export function redactIfJson(
  rules: RedactRules,
  text: string,
  nesting: number,
): string | undefined {
  // Text cannot be cut within a document, so one that there is no work left for is dropped as a whole.
  if (!rules.budget.spend(text.length / PARSED)) return truncated(Buffer.byteLength(text))
  const json = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  if (!mayBeJson(json)) return undefined
  // The exception of JSON.parse takes 3 to 17 us, so what is short is looked at before.
  if (json.length <= CHECKED_CHARS && !isJson(json)) return undefined
  let document: unknown
  try {
    document = parseJson(json)
  } catch {
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
  const { budget } = rules
  let seen: Set<string> | undefined
  let keys = 0
  return {
    budget,
    key: (key) => (/^[\w-]{0,64}$/.test(key) ? key : rules.string(key, nesting + 1)),
    property: (key, value, holder) => {
      keys += 1
      if ((keys > FREE_KEYS || key.length > FREE_KEY_CHARS) && seen?.has(key) !== true) {
        seen ??= new Set()
        seen.add(key)
        budget.spend(Math.min(key.length, TESTED_CHARS) * KEY_CHAR_UNITS)
      }
      return isHidden(rules, key, value, holder) ? rules.censor : undefined
    },
    number: String,
    string: (text, maxBytes) => rules.string(text, nesting, maxBytes),
  }
}

/** What the test of a property looks at. */
type KeyRules = Pick<RedactRules, 'isSensitiveKey' | 'isSensitiveHeader' | 'isFlagKey'>

/**
 * Whether a property is hidden, by its key and by what stands beside it. A key without a value, or with a yes or no, gives
 * nothing away.
 */
export function isHidden(rules: KeyRules, key: string, value: unknown, holder: object): boolean {
  const type = typeof value
  if (value === null || type === 'boolean' || type === 'undefined') return false
  // PyMacaron's `is_auth` is 0 or 1.
  if ((value === 0 || value === 1) && rules.isFlagKey(key)) return false
  return rules.isSensitiveKey(key) || (key === 'value' && isSensitivePair(rules, holder))
}

/** A list of `{ name: 'password', value: '...' }`, as forms and HTTP archives have it. */
function isSensitivePair(rules: KeyRules, holder: object): boolean {
  try {
    const { name, key } = holder as { name?: unknown; key?: unknown }
    const label = typeof name === 'string' ? name : key
    return (
      typeof label === 'string' && (rules.isSensitiveKey(label) || rules.isSensitiveHeader(label))
    )
  } catch {
    // A getter that throws: nobody knows what the value is.
    return true
  }
}
