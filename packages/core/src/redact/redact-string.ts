import { decodeLeniently, encode, redactParameters } from './redact-form.js'
import { redactIfJson, redactJson, startsAsList, startsAsObject } from './redact-json.js'
import {
  cutBetweenWords,
  DECODED,
  isMarker,
  MAX_NESTING,
  MAX_TEXT_BYTES,
  PASSED_OVER,
  type RedactRules,
  splitAtLimit,
  TOO_DEEP,
  truncated,
} from './redact-rules.js'
import { redactText } from './redact-text.js'
import { redactUrl } from './redact-url.js'
import { isPlain } from './shape-scan.js'

// `%3D`, `%3A`, `%22`, `%7B`: the encoded forms of what makes a key a key.
const ENCODED_PAIR = /%(?:25)*(?:3[ad]|22|7b)/i

// What it costs to tell JSON, a URL, a form and text apart.
const LOOK_UNITS = 8

/** Redacts a string by what it looks like: JSON, a URL, a form or text. */
export function redactString(
  rules: RedactRules,
  text: string,
  nesting: number,
  maxBytes: number = MAX_TEXT_BYTES,
): string {
  // What is beyond the limit is not looked at.
  const seen = text.length > maxBytes ? text.slice(0, maxBytes) : text
  if (!rules.budget.spend(1 + seen.length / PASSED_OVER)) return truncated(text)
  if (isPlain(seen)) return cutBetweenWords(text, maxBytes)
  rules.budget.spend(LOOK_UNITS)
  if (text === rules.censor || isMarker(text)) return text
  if (nesting > MAX_NESTING) return TOO_DEEP
  const { kept, marker } = splitAtLimit(text, maxBytes)
  if (startsAsObject(kept)) {
    return marker === '' ? redactJson(rules, kept, nesting) : truncated(text)
  }
  return redactUnstructured(rules, kept, nesting) + marker
}

function redactUnstructured(rules: RedactRules, text: string, nesting: number): string {
  const list = startsAsList(text) ? redactIfJson(rules, text, nesting) : undefined
  if (list !== undefined) return list
  if (!/\s/.test(text)) {
    // What is neither user info nor parameter of a URL is text: `https://host/path;token=x`.
    if (/^(?:[a-z][a-z0-9+.:-]*:)?[/\\]/i.test(text))
      return redactText(rules, redactUrl(rules, text, nesting), nesting)
    if (/^[\w.~+%[\]-]+=/.test(text)) return redactParameters(rules, text, /&/g, nesting)
  }
  return ENCODED_PAIR.test(text)
    ? redactDecoded(rules, text, nesting)
    : redactText(rules, text, nesting)
}

/** A text whose `key=value` or JSON is itself percent-encoded. */
function redactDecoded(rules: RedactRules, text: string, nesting: number): string {
  const outer = redactText(rules, text, nesting)
  if (!rules.budget.spend(outer.length / DECODED)) return truncated(text)
  const decoded = decodeLeniently(outer)
  if (decoded === outer) return outer
  const redacted = rules.string(decoded, nesting + 1)
  if (redacted === decoded) return outer
  return /\s/.test(outer) ? redacted : encode(redacted)
}
