import { decodeKey, decodeLeniently, encode } from './percent.js'
import { MAX_TEXT_BYTES, type RedactRules, splitAtLimit } from './redact-rules.js'
import { hasShape } from './shape-scan.js'

/** Redacts a form or a query string, with or without the leading `?`; parameters that need no change stay as they are. */
export function redactForm(rules: RedactRules, text: string, nesting: number): string {
  const { kept, marker } = splitAtLimit(text, MAX_TEXT_BYTES)
  const start = kept.startsWith('?') ? 1 : 0
  return kept.slice(0, start) + redactParameters(rules, kept.slice(start), /&/g, nesting) + marker
}

/** Redacts `key=value` pairs between separators. */
export function redactParameters(
  rules: RedactRules,
  text: string,
  separator: RegExp,
  nesting: number,
): string {
  let redacted = ''
  let start = 0
  for (const { index, 0: mark } of text.matchAll(separator)) {
    redacted += redactParameter(rules, text.slice(start, index), nesting) + mark
    start = index + mark.length
  }
  return redacted + redactParameter(rules, text.slice(start), nesting)
}

/** Redacts a `key=value` pair, or what stands in the place of one. */
export function redactParameter(rules: RedactRules, pair: string, nesting: number): string {
  const equals = pair.indexOf('=')
  if (equals === -1) return redactEncoded(rules, pair, nesting)
  const rawKey = pair.slice(0, equals)
  const value = pair.slice(equals + 1)
  const key = decodeKey(rawKey)
  const isHidden = key === undefined || rules.hides(key, value)
  if (isHidden && value !== '')
    return `${key === undefined ? redactEncoded(rules, rawKey, nesting) : rawKey}=${rules.urlCensor}`
  return `${redactEncoded(rules, rawKey, nesting)}=${redactEncoded(rules, value, nesting)}`
}

/** Redacts a percent-encoded text by what it decodes to; it stays as it is if that needs no change. */
export function redactEncoded(rules: RedactRules, raw: string, nesting: number): string {
  if (/^[\w.~-]*$/.test(raw) && !raw.includes('eyJ') && !hasShape(raw)) return raw
  if (raw === rules.urlCensor) return raw
  const decoded = decodeLeniently(raw)
  const redacted = rules.string(decoded, nesting + 1)
  if (redacted === decoded) return raw
  // What was not encoded (a hand-written URL in a URL) stays readable.
  return decoded === raw && !/[&=#+%\s]/.test(redacted) ? redacted : encode(redacted)
}
