import { isArray, redactValue } from './redact-json.js'
import { type RedactRules, textOf } from './redact-rules.js'
import { redactUrl } from './redact-url.js'

const MAX_HEADERS = 1000
const URL_HEADERS = new Set([
  'referer',
  'referrer',
  'location',
  'origin',
  'content-location',
  'x-original-url',
])

/** A redacted copy of a record of headers, without those that have no value. */
export function redactHeaders(
  rules: RedactRules,
  headers: unknown,
): Record<string, string | string[]> {
  const redacted: Record<string, string | string[]> = {}
  const names = namesOf(headers)
  for (const name of names.slice(0, MAX_HEADERS)) {
    const value = redactHeader(rules, name, readHeader(headers, name))
    if (value === undefined) continue
    if (name !== '__proto__') redacted[name] = value
    else
      Object.defineProperty(redacted, name, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      })
  }
  const left = names.length - MAX_HEADERS
  if (left > 0) redacted['[truncated]'] = `[truncated: ${left} items]`
  return redacted
}

function redactHeader(
  rules: RedactRules,
  name: string,
  value: unknown,
): string | string[] | undefined {
  if (value === undefined || value === null) return undefined
  if (rules.kept?.keepsHeader(name) === true) return keptHeader(value)
  const isHidden = rules.isSensitiveHeader(name)
  if (!isArray(value)) return isHidden ? rules.censor : redactOne(rules, name, value)
  const items = value.slice(0, MAX_HEADERS)
  return items.map((item: unknown) => (isHidden ? rules.censor : redactOne(rules, name, item)))
}

function keptHeader(value: unknown): string | string[] {
  return isArray(value) ? value.slice(0, MAX_HEADERS).map(textOf) : textOf(value)
}

function redactOne(rules: RedactRules, name: string, value: unknown): string {
  if (typeof value === 'object' && value !== null)
    return JSON.stringify(redactValue(rules, value, 0))
  const text = textOf(value)
  return rules.header(URL_HEADERS.has(name.toLowerCase()) ? redactUrl(rules, text, 0) : text)
}

function namesOf(headers: unknown): string[] {
  try {
    return typeof headers === 'object' && headers !== null ? Object.keys(headers) : []
  } catch {
    // A Proxy trap threw.
    return []
  }
}

function readHeader(headers: unknown, name: string): unknown {
  try {
    return (headers as Record<string, unknown>)[name]
  } catch {
    // A getter that throws.
    return '[unreadable]'
  }
}
