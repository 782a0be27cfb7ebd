import {
  DEFAULT_JSON_LIMITS,
  type JsonValue,
  type JsonVisitor,
  toJsonValue,
} from '../json-value.js'
import { mayBeJson, parsingUnits } from './json-look.js'
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

// Stands for a value that there was no work left for.
const UNREAD = '[truncated: 1 items]'

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
  if (!mayBeJson(json)) return undefined
  let document: unknown
  try {
    document = JSON.parse(json)
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
  return {
    key: (key) => (/^[\w-]{0,64}$/.test(key) ? key : rules.string(key, nesting + 1)),
    property: (key, value, holder) => {
      if (rules.budget.isSpent) return UNREAD
      return isHidden(rules, key, value, holder) ? rules.censor : undefined
    },
    string: (text, maxBytes) => rules.string(text, nesting, maxBytes),
  }
}

// A key without a value, or with a yes or no, gives nothing away.
function isHidden(rules: RedactRules, key: string, value: unknown, holder: object): boolean {
  const type = typeof value
  if (value === null || type === 'boolean' || type === 'undefined') return false
  // PyMacaron's `is_auth` is 0 or 1.
  if ((value === 0 || value === 1) && rules.isFlagKey(key)) return false
  return rules.isSensitiveKey(key) || (key === 'value' && isSensitivePair(rules, holder))
}

/** A list of `{ name: 'password', value: '...' }`, as forms and HTTP archives have it. */
function isSensitivePair(rules: RedactRules, holder: object): boolean {
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
