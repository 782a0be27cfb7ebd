import { endOf } from '../json/json-text.js'
import { userInfoEnd } from './redact-url.js'
import type { TextScanner } from './text-scanner.js'

/*
 * Finds secrets without a key before them. Each function returns the end of the secret that starts at an index, or -1 if there
 * is none.
 */

// Words that follow a scheme in prose: "bearer token expired".
const PROSE =
  /^(?:tokens?|auth\w*|schemes?|realm.*|errors?|credentials?|headers?|of|in|for|is|was|has|and|or|not|must|may|missing|invalid|expired|required|format|usage|only)$/i
const WORD = /[^\s"'`,<>]*/y
const BASE64URL = /(?:\w|-(?!----))*/y
const JWT_REST = /[\w.-]*/y

/** The end of the base64url text that starts at an index. */
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

/** A private key in PEM, up to its END line or, without one, to the end of the text. */
export function privateKeyEnd(text: string, start: number): number {
  const label = text.slice(start + 11, start + 75)
  if (!/^[^-]*PRIVATE KEY[^-]*-----/.test(label)) return -1
  const last = text.indexOf('-----END ', start)
  if (last === -1) return text.length
  const end = text.indexOf('-----', last + 9)
  return end === -1 || end > last + 80 ? text.length : end + 5
}

/** The credentials after an HTTP authentication scheme, unless the text there is prose. */
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
  // A word of a sentence is short, and has no digits, no symbols and no capitals inside.
  return word.length >= 20 || /\d|[_+/=~]|[a-z][A-Z]/.test(word)
}

// The limit keeps the time linear.
const URL_WINDOW = 512
const URL_END = /[\s"<>`]/g
const AUTHORITY = /[^/\\?#\s"<>`]*/y
// A port, or a placeholder for one: `http://host:port/`, `//${host}:${port}`.
const PORT = /^(?:\d*|[$<{[(%:]+.*|.*port.*|[.…*x]+)$/i

/** The end of the user info of the URL whose authority starts at an index; -1 if it has none. */
export function urlUserEnd(scan: TextScanner, start: number): number {
  const window = Math.min(start + URL_WINDOW, scan.text.length)
  // `scan.next` caches what it finds, so a text of many URLs is read once.
  const at = scan.next('@', start)
  if (at >= window) return -1
  const end = Math.min(scan.next(URL_END, start), window)
  if (at >= end) return -1
  const length = userInfoEnd(scan.text.slice(start, end), 0)
  scan.charge(end - start)
  return length === -1 ? -1 : start + length
}

/**
 * The end of the credentials of a URL that was cut before the `@`: in `postgres://bob:hunt` the text after the colon is not a
 * port, so it is a part of a password. -1 if there are none.
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
