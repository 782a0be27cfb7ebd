import {
  ACTIONS,
  COUNTING,
  COUNTING_MANY,
  DESCRIBING,
  DESCRIBING_OF,
  DESCRIBING_PAIRS,
  DESCRIBING_WORDS,
  familyOf,
  GIVING,
  GIVING_OF,
  INNOCENT,
  LABELS,
  LAST_WORDS,
  PASSES,
  STEMS,
  WORDS,
} from './sensitive-words.js'

// One search for all stems: most keys have none.
const ANY_STEM = new RegExp(STEMS.join('|'))
const words = new Set(WORDS)
const lastWords = new Set(LAST_WORDS)
const passes = new Set(PASSES)
const describing = new Set(DESCRIBING)
const describingPairs = new Set(DESCRIBING_PAIRS)
const describingWords = new Set([...DESCRIBING, ...DESCRIBING_WORDS])
const giving = new Set(GIVING)
const labels = new Set(LABELS)
const actions = new Set(ACTIONS)
const counting = new Set(COUNTING)
const countingMany = new Set([...COUNTING, ...COUNTING_MANY])

const DESCRIBED_KEY_MAX_LENGTH = 256

/** A sensitive stem or word in a key. */
interface Mention {
  readonly name: string
  readonly isWord: boolean
  /** Indices of the words in which it begins and ends. */
  readonly first: number
  readonly last: number
  /** The rest of its last word: `policy` of `passwordpolicy`. */
  readonly rest: string
}

/**
 * The sensitive stems and words in a key whose value is that secret, and not only a description of it. The value of `apiKeyId`
 * describes an API key, the value of `apiKeyIdSecret` is a secret: the last word decides, as in English.
 */
export function secretsIn(key: string): string[] {
  const parts = wordsOf(key)
  const joined = parts.map(({ text }) => text).join('')
  const hasStem = ANY_STEM.test(joined)
  // No real name is so long, and judging each of many mentions would take quadratic time.
  if (key.length > DESCRIBED_KEY_MAX_LENGTH)
    return hasStem ? ['secret'] : wordsIn(parts).map(({ name }) => name)
  return [...(hasStem ? stemsIn(parts, joined) : []), ...wordsIn(parts)]
    .filter((mention) => !isDescribed(parts, mention))
    .map(({ name }) => name)
}

function stemsIn(parts: readonly KeyWord[], joined: string): Mention[] {
  const mentions: Mention[] = []
  for (const name of STEMS) {
    for (let start = joined.indexOf(name); start !== -1; start = joined.indexOf(name, start + 1)) {
      const end = start + name.length
      const first = parts.findIndex((part) => part.end > start)
      const last = parts.findIndex((part) => part.end >= end)
      const lastPart = parts[last]
      if (lastPart === undefined) continue
      const piece = joined.slice(Math.max(start, lastPart.start), lastPart.end)
      if (INNOCENT.some((beginning) => piece.startsWith(beginning))) continue
      mentions.push({ name, isWord: false, first, last, rest: joined.slice(end, lastPart.end) })
    }
  }
  // Where both `cardnum` and `cardnumber` match, only the longer counts.
  return mentions.filter(
    ({ name, first }) =>
      !mentions.some(
        (other) => other.first === first && other.name !== name && other.name.startsWith(name),
      ),
  )
}

function wordsIn(parts: readonly KeyWord[]): Mention[] {
  const mentions: Mention[] = []
  const add = (name: string, first: number, last: number): void => {
    mentions.push({ name, isWord: true, first, last, rest: '' })
  }
  parts.forEach(({ text }, index) => {
    // `cvv2` counts as `cvv`, `token1` as `token`.
    const bare = text.replace(/\p{N}+$/u, '')
    const next = parts[index + 1]
    if (words.has(text)) add(text, index, index)
    else if (words.has(bare)) add(bare, index, index)
    else if (next !== undefined) {
      if (words.has(text + next.text)) add(text + next.text, index, index + 1)
    } else if (lastWords.has(bare)) add(bare, index, index)
    else if (/tokens?$/.test(bare) && !counting.has(bare.replace(/tokens?$/, '')))
      add(bare.endsWith('s') ? 'tokens' : 'token', index, index)
    else if (/(?:pass|pwd)$/.test(bare) && !passes.has(bare)) add('pass', index, index)
  })
  return mentions
}

function isDescribed(parts: readonly KeyWord[], mention: Mention): boolean {
  const family = familyOf(mention.name)
  if (isCounted(parts, mention, family)) return true
  const tail = tailOf(parts, mention)
  const last = tail.at(-1)?.replace(/(?<=\p{L})\p{N}+$/u, '') ?? ''
  const whole = tail.at(-1) ?? ''
  if (whole === '') return parts[mention.first - 1]?.text === 'masked'
  if (GIVING_OF[family]?.includes(tail.join('')) === true) return false
  if (describing.has(last) || describing.has(whole)) return true
  if (describingPairs.has((tail.at(-2) ?? '') + whole) || describingPairs.has(whole)) return true
  if (DESCRIBING_OF[family]?.includes(last) === true) return true
  if (isText(parts, mention, whole)) return true
  return mention.isWord && describingWords.has(tail[0] ?? '') && !giving.has(last)
}

/** The words after a mention, which may describe the secret. */
function tailOf(parts: readonly KeyWord[], { last, rest }: Mention): string[] {
  const tail = parts.slice(last + 1).map(({ text }) => text)
  // A plural or a number does not describe: `passwords`, `password2`.
  return /^(?:e?s)?\p{N}*$/u.test(rest) ? tail : [rest, ...tail]
}

/** Whether the key counts tokens, judged by the words before: `max_tokens`, `x-ratelimit-limit-tokens`. */
function isCounted(parts: readonly KeyWord[], { first }: Mention, family: string): boolean {
  if (family !== 'token' && family !== 'tokens') return false
  const before = parts.slice(0, first).map(({ text }) => text)
  const previous = before.at(-1) ?? ''
  if (before.includes('ratelimit') || before.join('').includes('ratelimit')) return true
  return (family === 'tokens' ? countingMany : counting).has(previous)
}

/** Whether the key names a text about a secret or a permission for it: `login.password.hint`, `tokens:read`. */
function isText(parts: readonly KeyWord[], { last }: Mention, word: string): boolean {
  const marks = parts.slice(last + 1).map(({ mark }) => mark)
  if (marks.includes(':') && actions.has(word)) return true
  return (marks.includes(':') || marks.includes('.')) && labels.has(word)
}

/** A word of a key. */
export interface KeyWord {
  /** Its letters and digits, in lower case and without accents. */
  readonly text: string
  /** The separator before it; empty when only a capital letter begins the word. */
  readonly mark: string
  /** Where it begins among the letters and digits of the key. */
  readonly start: number
  readonly end: number
}

const ASCII = /^[ -~]*$/
// With lookarounds only, so that splitting takes time proportional to the key.
const ASCII_PART = /[A-Za-z0-9]+/g
const HAS_CAPITAL = /\p{Lu}/u
const PART = /[\p{L}\p{N}\p{M}]+/gu
const CAPITAL = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u

/** A key in the form in which keys are compared: letters and digits only, in lower case, without accents and full-width forms. */
export function normalizeKey(key: string): string {
  return key
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
}

/** The words of a key in any notation: `X-Api-Key`, `api_key` and `apiKey` are `api` and `key`. */
export function wordsOf(key: string): KeyWord[] {
  const words: KeyWord[] = []
  // Normalizing takes most of the time, and few keys need it.
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
