import {
  DEFAULT_JSON_LIMITS,
  type JsonValue,
  type JsonVisitor,
  toJsonValue,
} from '../json-value.js'
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
  let document: unknown
  try {
    document = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)
  } catch {
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
  const redact = (value: unknown, deeper: number): JsonValue => redactValue(rules, value, deeper)
  return {
    key: (key) =>
      /^[\w-]{0,64}$/.test(key) && !hasShape(key) ? key : rules.string(key, nesting + 1),
    property: (key, value, holder) => {
      if (rules.hides(key, value, holder)) return rules.censor
      return typeof value === 'object' ? redactPairs(rules, key, value, nesting, redact) : undefined
    },
    string: (text, maxBytes) => rules.string(text, nesting, maxBytes),
  }
}
