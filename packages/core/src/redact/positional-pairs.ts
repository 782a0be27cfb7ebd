import type { JsonValue } from '../json-value.js'
import { MAX_NESTING, type RedactRules, TOO_DEEP } from './redact-rules.js'

const MAX_PAIRS = 1000

/**
 * Redacts names and values that stand beside each other in a list: Node's `rawHeaders` and undici's `headers` (`['Cookie', 'a=b', ...]`) and entries
 * (`[['password', 'x'], ...]`). Undefined if the value is no such list or there is nothing to hide in it.
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

function isArray(value: unknown): value is unknown[] {
  try {
    return Array.isArray(value)
  } catch {
    // A revoked proxy.
    return false
  }
}
