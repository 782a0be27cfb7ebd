import {
  DECODED,
  MAX_TEXT_BYTES,
  PASSED_OVER,
  type RedactRules,
  splitAtLimit,
  truncated,
} from './redact-rules.js'
import { hasShape, isPlain } from './shape-scan.js'

const KEY_MAX_CHARS = 12_288
const NEEDS_DECODING = /%[0-9a-f]{2}|\+/i

// Units of work for one parameter, in addition to its length.
const PARAMETER_UNITS = 4

/** Redacts a form or a query string, with or without the leading `?`. Parameters without a secret keep their encoding. */
export function redactForm(rules: RedactRules, text: string, nesting: number): string {
  const { kept, marker } = splitAtLimit(text, MAX_TEXT_BYTES)
  const start = kept.startsWith('?') ? 1 : 0
  return kept.slice(0, start) + redactParameters(rules, kept.slice(start), /&/g, nesting) + marker
}

/** Redacts `key=value` pairs; `separator` matches the single character between them. */
export function redactParameters(
  rules: RedactRules,
  text: string,
  separator: RegExp,
  nesting: number,
): string {
  let redacted = ''
  let start = 0
  separator.lastIndex = 0
  while (start < text.length) {
    const found = separator.test(text)
    const end = found ? separator.lastIndex - 1 : text.length
    if (!rules.budget.spend(PARAMETER_UNITS + (end - start) / PASSED_OVER))
      return redacted + truncated(text.slice(start))
    if (end > start) {
      redacted += redactParameter(rules, text.slice(start, end), nesting)
      // Redacting a parameter that is itself a URL or a form moves the same pattern's lastIndex.
      separator.lastIndex = end + 1
    }
    if (found) redacted += text.charAt(end)
    start = end + 1
  }
  return redacted
}

/** Redacts a `key=value` pair, or a parameter without `=`. */
export function redactParameter(rules: RedactRules, pair: string, nesting: number): string {
  const equals = pair.indexOf('=')
  if (equals === -1) return redactEncoded(rules, pair, nesting)
  const rawKey = pair.slice(0, equals)
  const value = pair.slice(equals + 1)
  // A key that is too long counts as one that cannot be decoded.
  const key = rawKey.length > KEY_MAX_CHARS ? undefined : decodeKey(rawKey)
  rules.budget.spend(Math.min(rawKey.length, KEY_MAX_CHARS) / DECODED)
  if (key !== undefined && rules.kept?.keeps(key, value) === true) return pair
  const isHidden = key === undefined || rules.hides(key, value)
  if (isHidden && value !== '')
    return `${key === undefined ? redactEncoded(rules, rawKey, nesting) : rawKey}=${rules.urlCensor}`
  return `${redactEncoded(rules, rawKey, nesting)}=${redactEncoded(rules, value, nesting)}`
}

/** Decodes a percent-encoded text, redacts it and encodes it again. It is unchanged when it holds no secret. */
export function redactEncoded(rules: RedactRules, raw: string, nesting: number): string {
  if (/^[\w.~-]*$/.test(raw) && !raw.includes('eyJ') && !hasShape(raw)) return raw
  if (raw === rules.urlCensor || (!NEEDS_DECODING.test(raw) && isPlain(raw.replaceAll('%', ''))))
    return raw
  const units = raw.length / DECODED
  if (!rules.budget.affords(units)) return truncated(raw)
  rules.budget.spend(units)
  const decoded = decodeLeniently(raw)
  const redacted = rules.string(decoded, nesting + 1)
  if (redacted === decoded) return raw
  // A text that was not encoded (a URL within a URL, written by hand) is not encoded now.
  return decoded === raw && !/[&=#+%\s]/.test(redacted) ? redacted : encode(redacted)
}

/*
 * The functions below decode percent escapes themselves: decodeURIComponent throws on malformed input, and exceptions are so
 * slow that an attacker could keep a process busy with `%ff`.
 */

const ESCAPES = /(?:%[0-9a-f]{2})+/gi
const MALFORMED = /%(?![0-9a-f]{2})/i

/** Decodes a parameter's key or value (`+` is a space); undefined when it is malformed or not UTF-8. */
export function decodeStrictly(text: string): string | undefined {
  if (MALFORMED.test(text)) return undefined
  let isUtf8 = true
  const decoded = replaceEscapes(text, (bytes) => {
    isUtf8 = false
    return bytes
  })
  return isUtf8 ? decoded : undefined
}

/** Decodes every valid escape, as Latin-1 where the bytes are not UTF-8; malformed escapes are left unchanged. */
export function decodeLeniently(text: string): string {
  return replaceEscapes(text, (bytes) => bytes)
}

/** Decodes a key repeatedly until it has no escapes, three times at most; undefined when it is malformed. */
export function decodeKey(raw: string): string | undefined {
  let key = decodeStrictly(raw)
  for (let round = 0; round < 2 && key?.includes('%'); round += 1) {
    const next = decodeStrictly(key)
    if (next === undefined) return key
    key = next
  }
  return key
}

/** Percent-encodes any text, also one with lone surrogates. */
export function encode(text: string): string {
  // A Buffer replaces lone surrogates, at which encodeURIComponent throws.
  return encodeURIComponent(Buffer.from(text).toString())
}

function replaceEscapes(text: string, replaceInvalid: (latin1: string) => string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  return spaced.replace(ESCAPES, (escapes) => {
    if (escapes.length === 3) {
      // A single byte is the usual case and needs no Buffer.
      const byte = String.fromCharCode(Number.parseInt(escapes.slice(1), 16))
      return byte < '\x80' ? byte : replaceInvalid(byte)
    }
    const bytes = Buffer.from(escapes.replaceAll('%', ''), 'hex')
    const characters = bytes.toString()
    return characters.includes('\uFFFD') ? replaceInvalid(bytes.toString('latin1')) : characters
  })
}
