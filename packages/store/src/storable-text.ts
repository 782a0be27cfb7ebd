import { beginningOf } from '@fastify-scs/core/kit/plain'

/** Characters of an indexed key that are kept; PostgreSQL indexes no value much longer than 2,700 bytes. */
export const KEY_MAX_CHARS = 512

/** Characters of a summary that are kept. */
export const SUMMARY_MAX_CHARS = 2_048

const REPLACEMENT = '\ufffd'
const LONE_SURROGATE = /\p{Surrogate}/u
const LONE_SURROGATES = /\p{Surrogate}/gu
const UNSTORABLE_ESCAPES = /\\(\\|u0000|ud[89a-f][0-9a-f]{2})/g

/** The text with what no database keeps (NUL, half a surrogate pair) replaced by U+FFFD, and cut to a length. */
export function storableText(text: string, maxChars: number = KEY_MAX_CHARS): string {
  const cut = beginningOf(text, maxChars)
  const whole = LONE_SURROGATE.test(cut) ? cut.replace(LONE_SURROGATES, REPLACEMENT) : cut
  return whole.includes('\0') ? whole.replaceAll('\0', REPLACEMENT) : whole
}

/** JSON text in which NUL and halves of surrogate pairs are replaced by U+FFFD. @throws TypeError for what is not JSON */
export function storableJson(value: object): string {
  const json = JSON.stringify(value)
  if (!json.includes('\\u')) return json
  return json.replace(UNSTORABLE_ESCAPES, (found) => (found === '\\\\' ? found : REPLACEMENT))
}
