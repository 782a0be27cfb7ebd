import { decodeLeniently } from './percent.js'
import type { RedactRules } from './redact-rules.js'

// Looking no further back keeps the time linear; what is beyond is not part of a name.
const KEY_MAX_LENGTH = 256

/** The key before a separator in free text. */
export interface TextKey {
  readonly name: string
  /** The word before a name that says little alone: `api` of `api key: x`. */
  readonly previous: string
  /** The quote that closes the key, or an empty string. */
  readonly quote: string
  /** The character before an unquoted key. */
  readonly before: string
}

/** The key that ends before the separator at `index`; nothing before `from` belongs to it. */
export function keyBefore(text: string, index: number, from: number): TextKey | undefined {
  const floor = Math.max(from, index - KEY_MAX_LENGTH)
  const end = skipBlanksBack(text, index, floor)
  const last = text.charAt(end - 1)
  if (isQuote(last)) return quotedKey(text, end - 1, floor, last)
  const start = wordStart(text, end, floor)
  if (start === end) return undefined
  const name = text.slice(start, end)
  return {
    name: plainName(name),
    previous: previousWord(text, name, start, floor),
    quote: '',
    before: text.charAt(start - 1),
  }
}

/** Whether what follows a key is a secret. */
export function isSecretKey(rules: RedactRules, key: TextKey): boolean {
  // `InvalidPasswordError: ...` is the name of an error and its message.
  if (key.quote === '' && /(?:Error|Exception)$/.test(key.name)) return false
  if (rules.isSensitiveKey(key.name)) return true
  if (key.previous === '' || rules.isSensitiveKey(key.previous)) return false
  return rules.isSensitiveKey(key.previous + key.name)
}

/** Whether a character is one of the three quotes. */
export function isQuote(char: string): boolean {
  return char === '"' || char === "'" || char === '`'
}

function quotedKey(text: string, close: number, floor: number, quote: string): TextKey {
  let end = close
  while (end > floor && text.charAt(end - 1) === '\\') end -= 1
  let start = end
  while (start > floor && text.charAt(start - 1) !== quote) start -= 1
  // No quote opens it (the text was cut, or the quote belongs to something else): its last word counts.
  if (start === floor && text.charAt(start - 1) !== quote) start = wordStart(text, end, floor)
  return { name: plainName(text.slice(start, end)), previous: '', quote, before: '' }
}

function previousWord(text: string, name: string, start: number, floor: number): string {
  if (!/^(?:keys?|number|code|string|phrase|id)$/i.test(name) || text.charAt(start - 1) !== ' ')
    return ''
  return text.slice(wordStart(text, start - 1, floor), start - 1)
}

function skipBlanksBack(text: string, index: number, floor: number): number {
  let end = index
  while (end > floor && (text.charAt(end - 1) === ' ' || text.charAt(end - 1) === '\t')) end -= 1
  return end
}

function wordStart(text: string, end: number, floor: number): number {
  let start = end
  while (start > floor && isNameCode(text.charCodeAt(start - 1))) start -= 1
  return start
}

// Letters, digits, $ % - . @ [ \ ] _ and all beyond ASCII but the no-break space.
function isNameCode(code: number): boolean {
  if (code >= 97) return code <= 122 || (code > 127 && code !== 160)
  if (code >= 64) return code !== 94 && code !== 96
  return (code >= 48 && code <= 57) || code === 36 || code === 37 || code === 45 || code === 46
}

/** A name without the escapes of JSON and URLs. */
function plainName(name: string): string {
  let plain = name
  if (plain.includes('\\')) {
    plain = plain
      .replace(/\\+u([0-9a-f]{4})/gi, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      )
      .replace(/\\+[nrt]/g, ' ')
  }
  return plain.includes('%') ? decodeLeniently(plain) : plain
}
