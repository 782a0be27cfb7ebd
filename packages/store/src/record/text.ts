import { beginningOf, type StoreRecord, takeApart } from '@fastify-scs/core/kit/plain'

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
  const apart = takeApart(value)
  if (apart === undefined) return withoutUnstorable(JSON.stringify(value))
  // What is JSON text already has no escapes, and is neither parsed nor written again.
  const fields = [...apart.texts].map(([key, json]) => `${JSON.stringify(key)}:${json}`)
  const json = withoutUnstorable(JSON.stringify(apart.rest)).slice(1, -1)
  return `{${(json === '' ? fields : [json, ...fields]).join(',')}}`
}

function withoutUnstorable(json: string): string {
  if (!json.includes('\\u')) return json
  return json.replace(UNSTORABLE_ESCAPES, (found) => (found === '\\\\' ? found : REPLACEMENT))
}

/** Characters of a record's bodies, together and as JSON, whose words can be searched for. */
export const SEARCHED_CHARS = 16_384

/** Characters of a word that count. */
const WORD_MAX_CHARS = 64
const BODIES = ['data', 'output', 'error'] as const
const WORDS = /[\p{L}\p{N}]+/gu

/** The words of a text, in lower case, each once: runs of letters and digits, by the same rule for every database. */
export function wordsOf(text: string): readonly string[] {
  const words = text.toLowerCase().match(WORDS) ?? []
  return [...new Set(words.map((word) => word.slice(0, WORD_MAX_CHARS)))]
}

/** The words of a record's bodies that `text` finds. */
export function searchedWords(data: StoreRecord['data']): readonly string[] {
  let text = ''
  for (const field of BODIES) {
    const body = data[field] ?? null
    if (body !== null) text += `${typeof body === 'string' ? body : JSON.stringify(body)}\n`
    if (text.length >= SEARCHED_CHARS) break
  }
  return text === '' ? [] : wordsOf(text.slice(0, SEARCHED_CHARS))
}
