import type { RedactRules } from './redact-rules.js'
import type { TextKey } from './text-key.js'

const MAX_CHARS = 20

/**
 * Whether a value in a text is shown though its key names a secret: it is a number of tokens or a yes or no, the separator
 * belongs to a scope (`tokens:read`), or what follows is the port of a host (`http://auth:3000/`).
 */
export function isShown(
  rules: RedactRules,
  key: TextKey,
  separator: string,
  value: string,
): boolean {
  if (key.before === '/' && /^:\d{1,5}(?:$|\/)/.test(separator + value)) return true
  if (value.length > MAX_CHARS || !rules.isSensitiveKey(key.name)) return false
  return !rules.hides(key.name, value) || isScope(rules, key, separator, value)
}

// A scope is a key with a colon in it, and says so by its last word. A password may be any word.
function isScope(rules: RedactRules, key: TextKey, separator: string, value: string): boolean {
  if (separator !== ':' || key.quote !== '' || !/^[a-z]+$/.test(value)) return false
  return !/pass|pw|pin/i.test(key.name) && !rules.isSensitiveKey(`${key.name}:${value}`)
}
