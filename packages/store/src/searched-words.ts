import type { StoreRecord } from './record.js'

/** Characters of a record's bodies, together and as JSON, whose words can be searched for. */
export const SEARCHED_CHARS = 16_384

/** Characters of a word that count. */
const WORD_MAX_CHARS = 64
const BODIES = ['data', 'output', 'error'] as const
const WORDS = /[\p{L}\p{N}]+/gu

/** The words of a text, in lower case, each once: runs of letters and digits, the same for every database. */
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
