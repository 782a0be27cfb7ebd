import { decodeLeniently } from './redact-form.js'
import type { RedactRules } from './redact-rules.js'
import type { TextScanner } from './text-scanner.js'

// The limit keeps the time linear; names are shorter.
const KEY_MAX_LENGTH = 256

// Names that say little without the word before.
const NEEDS_PREVIOUS = /^(?:keys?|number|code|string|phrase|id|token|answer)$/i

/** The key before a separator in free text. */
export interface TextKey {
  readonly name: string
  /** Where it starts in the text, after its quote. */
  readonly start: number
  /** The word before a name that says little by itself: `api` in `api key: x`, `unexpected` in `unexpected token: x`. */
  readonly previous: string
  /** The quote that closes the key, or an empty string. */
  readonly quote: string
  /** The character before an unquoted key. */
  readonly before: string
}

/** The key before the separator at `index`. It does not start before `from`. */
export function keyBefore(scan: TextScanner, index: number, from: number): TextKey | undefined {
  const { text } = scan
  const floor = Math.max(from, index - KEY_MAX_LENGTH)
  let end = skipBlanksBack(text, index, floor)
  // `["password"]=>`: a key in PHP or Lua.
  if (text.charAt(end - 1) === ']' && isQuote(text.charAt(end - 2))) end -= 1
  const last = text.charAt(end - 1)
  return isQuote(last) ? quotedKey(scan, end - 1, floor, last) : plainKey(text, end, floor)
}

function plainKey(text: string, end: number, floor: number): TextKey | undefined {
  const start = wordStart(text, end, floor)
  if (start === end) return undefined
  const name = text.slice(start, end)
  return {
    name: plainName(name),
    start,
    previous: previousWord(text, name, start, floor),
    quote: '',
    before: text.charAt(start - 1),
  }
}

/** Whether the value of a key is a secret. */
export function isSecretKey(scan: TextScanner, key: TextKey): boolean {
  // `InvalidPasswordError: ...` is the name of an error, followed by its message.
  if (scan.isSensitive(key.name)) return key.quote !== '' || !/(?:Error|Exception)$/.test(key.name)
  if (key.previous === '' || scan.isSensitive(key.previous)) return false
  return scan.isSensitive(key.previous + key.name)
}

/** Whether a character is one of the three quotes. */
export function isQuote(char: string): boolean {
  return char === '"' || char === "'" || char === '`'
}

function quotedKey(scan: TextScanner, close: number, floor: number, quote: string): TextKey {
  const { text } = scan
  let end = close
  while (end > floor && text.charAt(end - 1) === '\\') end -= 1
  let start = end
  while (start > floor && text.charAt(start - 1) !== quote) start -= 1
  scan.charge(close - start)
  // Without an opening quote (the text was cut, or the quote belongs to something else) the key is the last word.
  if (start === floor && text.charAt(start - 1) !== quote) start = wordStart(text, end, floor)
  return { name: plainName(text.slice(start, end)), start, previous: '', quote, before: '' }
}

function previousWord(text: string, name: string, start: number, floor: number): string {
  if (name.length > 6 || !NEEDS_PREVIOUS.test(name) || !isBlank(text.charCodeAt(start - 1)))
    return ''
  return text.slice(wordStart(text, start - 1, floor), start - 1)
}

function skipBlanksBack(text: string, index: number, floor: number): number {
  let end = index
  while (end > floor && isBlank(text.charCodeAt(end - 1))) end -= 1
  return end
}

function wordStart(text: string, end: number, floor: number): number {
  let start = end
  while (start > floor && isNameCode(text.charCodeAt(start - 1))) start -= 1
  return start
}

// Letters, digits, $ % - . @ [ \ ] _ and everything beyond ASCII except white space and the full-width forms of `:` and `=`.
function isNameCode(code: number): boolean {
  if (code >= 97) return code <= 122 || (code > 127 && !isWideBlank(code) && !isWideSeparator(code))
  if (code >= 64) return code !== 94 && code !== 96
  return (code >= 48 && code <= 57) || code === 36 || code === 37 || code === 45 || code === 46
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9 || (code > 127 && isWideBlank(code))
}

// The no-break space and the other spaces of Unicode.
function isWideBlank(code: number): boolean {
  return (
    code === 0xa0 ||
    (code >= 0x2000 && code <= 0x200b) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000 ||
    code === 0xfeff
  )
}

function isWideSeparator(code: number): boolean {
  return code === 0xff1a || code === 0xff1d
}

/** A name with the escapes of JSON and URLs decoded. */
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

const MAX_CHARS = 20

/**
 * Whether a value is shown although its key names a secret: a count of tokens, a boolean, or the port of a host
 * (`http://auth:3000/`). `text` begins with the separator; its last `chars` characters are the value.
 */
export function isShown(rules: RedactRules, key: TextKey, text: string, chars: number): boolean {
  if (key.before === '/' && /^:\d{1,5}(?:$|\/)/.test(text)) return true
  if (chars > MAX_CHARS || !rules.isSensitiveKey(key.name)) return false
  return !rules.hides(key.name, text.slice(text.length - chars))
}
