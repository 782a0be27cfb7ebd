import { COUNTING, DESCRIBING, HEADERS, STEMS, WHOLE, WORDS } from './sensitive-words.js'

// A longer key is no name; it is taken for sensitive unread.
const KEY_MAX_LENGTH = 4096
const CACHED_KEYS = 2000
const CACHED_KEY_MAX_LENGTH = 64

const words = new Set(WORDS)
const whole = new Set([...WORDS, ...WHOLE])
const describing = new Set(DESCRIBING)
const counting = new Set(COUNTING)

// Lookarounds only: splitting takes time proportional to the key.
const SEGMENT = /[[\]./:]+/
const WORD_START = /[^\p{L}\p{N}]+|(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u

/** A key as it is compared: full-width and accented forms folded, lower case, letters and digits only. */
export function normalizeKey(key: string): string {
  return key
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
}

/** Makes the test whether a key names a secret; `extra` keys count in addition, whole or as a segment of a path. */
export function createKeyTest(extra: readonly string[]): (key: string) => boolean {
  const added = new Set(extra.map(normalizeKey).filter((key) => key !== ''))
  return cached((key) => key.length > KEY_MAX_LENGTH || namesSecret(key, added))
}

// `is` and so on as a word of its own: not `issuer`, `hash`, `cancelToken`.
const FLAG = /^(?:is|has|can)(?:[_-]|(?=\p{Lu}))|^(?:IS|HAS|CAN)_/u

/**
 * Makes the test whether a key names a flag: `is_auth`, `hasPin`. It says that there is a secret and not which, as long as
 * its value is a yes or no. A key that the application has listed itself, in `extra`, is none.
 */
export function createFlagTest(extra: readonly string[]): (key: string) => boolean {
  const isListed = createListTest(extra)
  return (key) => FLAG.test(key) && !isListed(key)
}

/** Makes the test whether a key is one of `extra`, whole or as a segment of a path, in any notation. */
function createListTest(extra: readonly string[]): (key: string) => boolean {
  const listed = new Set(extra.map(normalizeKey).filter((key) => key !== ''))
  return (key) =>
    listed.size > 0 && [key, ...key.split(SEGMENT)].some((part) => listed.has(normalizeKey(part)))
}

/** Makes the test whether a header is a secret by its name. */
export function createHeaderTest(
  extra: readonly string[],
  isSensitiveKey: (key: string) => boolean,
): (name: string) => boolean {
  const listed = new Set([...HEADERS, ...extra].map(normalizeKey).filter((name) => name !== ''))
  const chosen = new Set(extra.map(normalizeKey))
  return cached((name) => {
    // `access-control-allow-credentials` and the like say what is allowed, not what it is.
    if (/^access-control-/i.test(name)) return chosen.has(normalizeKey(name))
    return isSensitiveKey(name) || listed.has(normalizeKey(name))
  })
}

/** Remembers what was decided, for a bounded number of names. */
function cached(decide: (name: string) => boolean): (name: string) => boolean {
  const decisions = new Map<string, boolean>()
  return (name) => {
    const known = decisions.get(name)
    if (known !== undefined) return known
    const decision = decide(name)
    if (name.length <= CACHED_KEY_MAX_LENGTH) {
      if (decisions.size >= CACHED_KEYS) decisions.clear()
      // A copy: a slice would keep the text it was cut from in memory.
      decisions.set(Buffer.from(name, 'utf16le').toString('utf16le'), decision)
    }
    return decision
  }
}

function namesSecret(key: string, added: ReadonlySet<string>): boolean {
  const normal = normalizeKey(key)
  if (added.has(normal) || STEMS.some((stem) => normal.includes(stem))) return true
  for (const segment of key.split(SEGMENT)) {
    const name = normalizeKey(segment)
    if (added.has(name) || whole.has(name)) return true
  }
  return hasSensitiveWord(wordsOf(key))
}

function wordsOf(key: string): string[] {
  const parts = key.normalize('NFKC').split(WORD_START)
  // `cvv2` and `token1` are cvv and token.
  return parts
    .map((part) => normalizeKey(part).replace(/\p{N}+$/u, ''))
    .filter((part) => part !== '')
}

function hasSensitiveWord(parts: readonly string[]): boolean {
  return parts.some((part, index) => {
    const next = parts[index + 1]
    if (words.has(part)) return !isDescribed(part, parts[index - 1], next)
    if (next === undefined)
      return part === 'pass' || (part.endsWith('token') && !counting.has(part.slice(0, -5)))
    return words.has(part + next)
  })
}

function isDescribed(
  part: string,
  previous: string | undefined,
  next: string | undefined,
): boolean {
  if (next !== undefined && describing.has(next)) return true
  return part.startsWith('token') && previous !== undefined && counting.has(previous)
}
