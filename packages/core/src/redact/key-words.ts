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

const ASCII = /^[ -~]*$/
// Lookarounds only: splitting takes time proportional to the key.
const ASCII_PART = /[A-Za-z0-9]+/g
const HAS_CAPITAL = /\p{Lu}/u
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
  // Folding each word takes most of the time, and few keys need it.
  const isAscii = ASCII.test(key)
  const plain = isAscii ? key : key.normalize('NFKC')
  let start = 0
  for (const { 0: part, index } of plain.matchAll(isAscii ? ASCII_PART : PART)) {
    let mark = plain.charAt(index - 1)
    for (const piece of HAS_CAPITAL.test(part) ? part.split(CAPITAL) : [part]) {
      const text = isAscii ? piece.toLowerCase() : normalizeKey(piece)
      if (text === '') continue
      words.push({ text, mark, start, end: start + text.length })
      start += text.length
      mark = ''
    }
  }
  return words
}
