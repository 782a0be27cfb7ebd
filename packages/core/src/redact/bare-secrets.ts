import { endOf } from '../sticky-match.js'

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
