import { endOf } from '../json/json-text.js'
import { userInfoEnd } from './redact-url.js'
import type { TextScanner } from './text-scanner.js'

/*
 * Secrets that show by themselves, with no key before them. Each function tells where the one that starts at an index
 * ends, or -1 if there is none.
 */

// Prose goes on so after the word: "bearer token expired".
const PROSE =
  /^(?:tokens?|auth\w*|schemes?|realm.*|errors?|credentials?|headers?|of|in|for|is|was|has|and|or|not|must|may|missing|invalid|expired|required|format|usage|only)$/i
const WORD = /[^\s"'`,<>]*/y
const BASE64URL = /(?:\w|-(?!----))*/y
const JWT_REST = /[\w.-]*/y

/** The end of the base64url that starts at an index. */
export function base64UrlEnd(text: string, start: number): number {
  return endOf(BASE64URL, text, start)
}

/** A JSON web token: two or more parts of base64url, the first of which starts as `{"` does. */
export function jwtEnd(text: string, start: number): number {
  const first = base64UrlEnd(text, start)
  if (text.charAt(first) !== '.') return -1
  const end = endOf(JWT_REST, text, first)
  return end - first > 4 ? end : -1
}

/** A private key in PEM, to its end line or, if that is missing, to the end of the text. */
export function privateKeyEnd(text: string, start: number): number {
  const label = text.slice(start + 11, start + 75)
  if (!/^[^-]*PRIVATE KEY[^-]*-----/.test(label)) return -1
  const last = text.indexOf('-----END ', start)
  if (last === -1) return text.length
  const end = text.indexOf('-----', last + 9)
  return end === -1 || end > last + 80 ? text.length : end + 5
}

/** The credentials after an HTTP authentication scheme, unless they read as prose. */
export function credentialEnd(text: string, scheme: string, start: number, censor: string): number {
  if (censor !== '' && text.startsWith(censor, start)) return -1
  const word = text.slice(start, trimmedEnd(text, start, endOf(WORD, text, start)))
  // One in 64 random base64url tokens begins with a hyphen.
  return /^[-.~]*[\w+/]/.test(word) && isCredential(scheme.toLowerCase(), word)
    ? start + word.length
    : -1
}

// Without the punctuation that follows a word in a sentence.
function trimmedEnd(text: string, start: number, end: number): number {
  let last = end
  while (last > start && last > end - 8 && '.,;:!?)]}'.includes(text.charAt(last - 1))) last -= 1
  return last
}

function isCredential(scheme: string, word: string): boolean {
  if (scheme === 'bearer') return !PROSE.test(word)
  if (scheme === 'basic' && Buffer.from(word, 'base64').includes(':')) return true
  // Long, or with a digit, a mark or a capital inside: no word of a sentence.
  return word.length >= 20 || /\d|[_+/=~]|[a-z][A-Z]/.test(word)
}

// Looking no further for the user info of a URL keeps the time linear.
const URL_WINDOW = 512
const URL_END = /[\s"<>`]/g
const AUTHORITY = /[^/\\?#\s"<>`]*/y
// `http://host:port/`, `//${host}:${port}`: a word for a number.
const PORT = /^(?:\d*|[$<{[(%:]+.*|.*port.*|[.…*x]+)$/i

/** Where the user info of a URL ends whose authority starts at an index; -1 if it has none. */
export function urlUserEnd(scan: TextScanner, start: number): number {
  const window = Math.min(start + URL_WINDOW, scan.text.length)
  // Both are remembered, so a text of many URLs is read once.
  const at = scan.next('@', start)
  if (at >= window) return -1
  const end = Math.min(scan.next(URL_END, start), window)
  if (at >= end) return -1
  const length = userInfoEnd(scan.text.slice(start, end), 0)
  scan.charge(end - start)
  return length === -1 ? -1 : start + length
}

/**
 * Where the credentials of a URL end that was cut before their `@`: what follows the colon is no port, so
 * `postgres://bob:hunt` is a name and a part of a password. -1 if there are none.
 */
export function cutCredentialsEnd(scan: TextScanner, start: number): number {
  const window = Math.min(start + URL_WINDOW, scan.text.length)
  const end = Math.min(scan.endOf(AUTHORITY, start), window)
  const authority = scan.text.slice(start, end)
  const colon = authority.startsWith('[') ? -1 : authority.indexOf(':')
  if (colon < 1) return -1
  const port = authority.slice(colon + 1).replace(/(?:\[truncated|[)\]}'.,;:!?…]).*$/, '')
  if (PORT.test(port)) return -1
  return Math.min(scan.next(URL_END, start), window)
}
