import { isCardNumber } from './secret-shapes.js'
import { isPairLabel, isSecretKind, type KeyKind } from './sensitive-keys.js'
import { CARD_KEYS } from './sensitive-words.js'

/** The tests of names by which a value is judged. */
export interface KeyTests {
  kindOf(key: string): KeyKind
  isSensitiveHeader(name: string): boolean
  /** A key in lower case, letters and digits only. */
  fold(key: string): string
}

// Number of neighbouring keys that are examined; an object that describes a pair or a card has a few.
const MAX_NEIGHBOURS = 64
const CARD_MIN = 1e12
const cardKeys = new Set(CARD_KEYS)

/**
 * Whether a value is hidden, because of its key or of the other keys of its holder. Null, undefined and booleans are never
 * hidden: they hold no secret.
 */
export function hides(tests: KeyTests, key: string, value: unknown, holder?: object): boolean {
  const type = typeof value
  if (value === null || type === 'boolean' || type === 'undefined') return false
  switch (tests.kindOf(key)) {
    case 'readable':
      return isCardValue(value)
    case 'listed':
    case 'secret':
      return true
    case 'flag':
      return !isYesOrNo(value)
    case 'tokens':
      return !isCount(value) && !isWeighed(tests, value) && !hasNeighbour(tests, holder, isWeights)
    case 'token':
      return !hasNeighbour(tests, holder, isWeights)
    case 'pass':
      return (
        type !== 'number' || !hasNeighbour(tests, holder, (name) => /^(?:fail|skip)/.test(name))
      )
    case 'credentials':
      return !isFetchMode(value)
    case 'number':
      return isCardValue(value) || hasNeighbour(tests, holder, (name) => cardKeys.has(name))
    case 'part':
      return isCardValue(value) || hasNeighbour(tests, holder, (name) => name === 'kty')
    case 'value':
      return isCardValue(value) || isLabelled(tests, value, holder)
  }
}

// PyMacaron's `is_auth` is 0 or 1; forms have words.
function isYesOrNo(value: unknown): boolean {
  return (
    value === 0 ||
    value === 1 ||
    (typeof value === 'string' && /^(?:true|false|yes|no|on|off)$/i.test(value))
  )
}

// `tokens: 1500`. In a form or a text the number is a string.
function isCount(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^\d{1,9}$/.test(value))
}

// The tokens of a language model's answer stand beside their log probabilities.
function isWeights(name: string): boolean {
  return name === 'logprob' || name === 'tokenlogprobs'
}

function isWeighed(tests: KeyTests, value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0) return false
  return value.every(
    (item) => typeof item === 'object' && hasNeighbour(tests, item ?? {}, isWeights),
  )
}

// The values of `credentials` among the options of `fetch`.
function isFetchMode(value: unknown): boolean {
  return value === 'include' || value === 'omit' || value === 'same-origin'
}

// Card numbers in strings are found by shape-scan.ts, those that are numbers here.
function isCardValue(value: unknown): boolean {
  if (typeof value === 'number') return value >= CARD_MIN && isCardNumber(String(value))
  return typeof value === 'bigint' && value >= BigInt(CARD_MIN) && isCardNumber(String(value))
}

/** Whether a value is named by its neighbour, as in forms, HTTP archives and cloud settings: `{ name: 'password', value: '...' }`. */
function isLabelled(tests: KeyTests, value: unknown, holder: object | undefined): boolean {
  return hasNeighbour(tests, holder, (name, key) => {
    if (!isPairLabel(name)) return false
    const label = labelOf((holder as Record<string, unknown>)[key])
    if (label === undefined) return false
    return isSecretKind(tests.kindOf(label))
      ? hides(tests, label, value)
      : tests.isSensitiveHeader(label)
  })
}

// The last element of a path such as Joi's `['user', 'password']`.
function labelOf(value: unknown): string | undefined {
  const label: unknown = Array.isArray(value) ? value.at(-1) : value
  return typeof label === 'string' ? label : undefined
}

function hasNeighbour(
  tests: KeyTests,
  holder: object | undefined,
  isIt: (name: string, key: string) => boolean,
): boolean {
  if (holder === undefined) return false
  try {
    const keys = Object.keys(holder)
    const count = Math.min(keys.length, MAX_NEIGHBOURS)
    for (let at = 0; at < count; at += 1) {
      const key = keys[at] ?? ''
      if (isIt(tests.fold(key), key)) return true
    }
    return false
  } catch {
    // A getter threw. The value is hidden, since it cannot be judged.
    return true
  }
}
