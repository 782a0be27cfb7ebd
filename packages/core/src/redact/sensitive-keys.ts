import { normalizeKey, secretsIn, wordsOf } from './key-secrets.js'
import {
  HEADERS,
  LAST_WORDS_OF_HEADERS,
  PAIR_LABELS,
  PAIR_VALUES,
  WEB_KEY_PARTS,
  WHOLE,
} from './sensitive-words.js'

// A longer key is not a name, and counts as secret.
const KEY_MAX_LENGTH = 4096
const CACHED_KEYS = 2000
const CACHED_KEY_MAX_LENGTH = 64

/**
 * What a key says about its value:
 * - `readable`: not secret;
 * - `listed`: secret by the application's options; `secret`: secret by the built-in lists;
 * - `flag`: secret unless it is a boolean (`hasPassword`); `tokens`: secret unless it is a count of tokens;
 * - `token`, `pass`, `credentials`: secret unless the value or its neighbours show that it is not;
 * - `value`, `number`, `part`: secret if a neighbour shows that it is (the name of a pair, the fields of a card, `kty` of a JSON
 *   Web Key).
 */
export type KeyKind =
  | 'readable'
  | 'listed'
  | 'secret'
  | 'flag'
  | 'tokens'
  | 'token'
  | 'pass'
  | 'credentials'
  | 'value'
  | 'number'
  | 'part'

const SEGMENT = /[[\]./:]+/
const whole = new Set(WHOLE)
const pairLabels = new Set(PAIR_LABELS)
const pairValues = new Set(PAIR_VALUES)
const webKeyParts = new Set(WEB_KEY_PARTS)
const lastWordsOfHeaders = new Set(LAST_WORDS_OF_HEADERS)

// A verb as a separate word: not in `issuer`, `hash`, `cancelToken`.
const VERB =
  'is|has|can|should|use|uses|needs|requires?|with|without|allows?|enables?|supports?|must'
const FLAG = new RegExp(`^(?:${VERB})(?:[_-]|(?=\\p{Lu}))|^(?:${VERB.toUpperCase()})_`, 'u')

/** Makes the function that classifies keys. The keys in `extra` count in addition, as a whole key or as a segment of a path. */
export function createKeyTest(extra: readonly string[]): (key: string) => KeyKind {
  const listed = new Set(extra.map(normalizeKey).filter((key) => key !== ''))
  return cached((key) => {
    if (key.length > KEY_MAX_LENGTH) return 'secret'
    return isListed(listed, key) ? 'listed' : kindOf(key)
  })
}

/** Whether a key of this kind has a secret value, judged without the value. */
export function isSecretKind(kind: KeyKind): boolean {
  return kind !== 'readable' && kind !== 'value' && kind !== 'number' && kind !== 'part'
}

/** Makes the test whether the name of a header says that its value is secret. */
export function createHeaderTest(
  extra: readonly string[],
  kindOfKey: (key: string) => KeyKind,
): (name: string) => boolean {
  const listed = new Set([...HEADERS, ...extra].map(normalizeKey).filter((name) => name !== ''))
  const chosen = new Set(extra.map(normalizeKey))
  return cached((name) => {
    // `access-control-allow-credentials` and its like hold permissions, not credentials.
    if (/^access-control-/i.test(name)) return chosen.has(normalizeKey(name))
    if (isSecretKind(kindOfKey(name)) || listed.has(normalizeKey(name))) return true
    return lastWordsOfHeaders.has(wordsOf(name).at(-1)?.text ?? '')
  })
}

/** Makes `normalizeKey` with a cache, for the neighbouring keys of values, which repeat. */
export function createKeyFold(): (key: string) => string {
  return cached(normalizeKey)
}

/** Whether a normalized key is the `name` of a pair such as `{ name, value }`. */
export function isPairLabel(key: string): boolean {
  return pairLabels.has(key)
}

function isListed(listed: ReadonlySet<string>, key: string): boolean {
  return (
    listed.size > 0 && [key, ...key.split(SEGMENT)].some((part) => listed.has(normalizeKey(part)))
  )
}

function kindOf(key: string): KeyKind {
  const normal = normalizeKey(key)
  const secrets = secretsIn(key)
  if (secrets.length > 0 || key.split(SEGMENT).some((part) => whole.has(normalizeKey(part)))) {
    if (FLAG.test(key)) return 'flag'
    if (secrets.every((name) => name === 'tokens') && secrets.length > 0) return 'tokens'
    return normal === 'token' || normal === 'pass' || normal === 'credentials' ? normal : 'secret'
  }
  if (normal === 'number') return 'number'
  if (webKeyParts.has(key)) return 'part'
  return pairValues.has(normal) || /values?$/.test(normal) ? 'value' : 'readable'
}

/** Wraps a function of names with a cache of limited size. */
function cached<Decision>(decide: (name: string) => Decision): (name: string) => Decision {
  const decisions = new Map<string, Decision>()
  return (name) => {
    const known = decisions.get(name)
    if (known !== undefined) return known
    const decision = decide(name)
    if (name.length <= CACHED_KEY_MAX_LENGTH) {
      if (decisions.size >= CACHED_KEYS) decisions.clear()
      // A copy, because a slice would keep the whole text in memory.
      decisions.set(Buffer.from(name, 'utf16le').toString('utf16le'), decision)
    }
    return decision
  }
}
