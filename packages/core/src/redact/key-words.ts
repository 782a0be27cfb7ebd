/** A word of a key. */
export interface KeyWord {
  /** In lower case, without accents: letters and digits only. */
  readonly text: string
  /** What stands before it: a separator, or nothing where only a capital divides it. */
  readonly mark: string
  /** Where it begins among the letters and digits of the key. */
  readonly start: number
  readonly end: number
}

// Lookarounds only: splitting takes time proportional to the key.
const PART = /[\p{L}\p{N}\p{M}]+/gu
const CAPITAL = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u

/** A key as it is compared: full-width and accented forms folded, lower case, letters and digits only. */
export function normalizeKey(key: string): string {
  return key
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
}

/** The words of a key in any notation: `X-Api-Key`, `api_key` and `apiKey` are `api` and `key`. */
export function wordsOf(key: string): KeyWord[] {
  const words: KeyWord[] = []
  const plain = key.normalize('NFKC')
  let start = 0
  for (const { 0: part, index } of plain.matchAll(PART)) {
    let mark = plain.charAt(index - 1)
    for (const piece of part.split(CAPITAL)) {
      const text = normalizeKey(piece)
      if (text === '') continue
      words.push({ text, mark, start, end: start + text.length })
      start += text.length
      mark = ''
    }
  }
  return words
}
