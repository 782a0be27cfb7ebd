import type { RedactRules } from './redact-rules.js'
import type { TextKey } from './text-key.js'

const MAX_CHARS = 20

/**
 * Whether a value in a text is shown though its key names a secret: it is a number of tokens or a yes or no, or what follows
 * is the port of a host (`http://auth:3000/`). `text` begins with the separator and ends with the `chars` of the value.
 */
export function isShown(rules: RedactRules, key: TextKey, text: string, chars: number): boolean {
  if (key.before === '/' && /^:\d{1,5}(?:$|\/)/.test(text)) return true
  if (chars > MAX_CHARS || !rules.isSensitiveKey(key.name)) return false
  return !rules.hides(key.name, text.slice(text.length - chars))
}
