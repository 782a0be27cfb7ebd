import { isPairLabel, isSecretKind, type KeyKind } from './sensitive-keys.js'
import { CARD_KEYS } from './sensitive-words.js'
import { isPlain } from './shape-scan.js'

/** What a look at a document has to know of a key; flags, of which a key may have several. */
export const KNOWN = 1
/** Its value is hidden, unless it is `null`, `true` or `false`. */
export const SECRET = 2
/** Its value is hidden if a key beside it says so. */
export const JUDGED = 4
/** It may say so of a value beside it. */
export const JUDGING = 8
/** A list under it may hold names and values in turn. */
export const LISTING = 16
/** It may need a change itself. */
export const UNREADABLE = 32

/** Not a byte of a key that can be looked at: `[A-Za-z0-9_-]`. */
export const NO_SYMBOL = 64
/** The number of each such byte, 0 to 63. */
export const SYMBOLS: Readonly<Uint8Array> = symbols()

const MAX_STATES = 4_096
const MAX_KEY_CHARS = 64
const FIRST_STATES = 256
const judging = new Set([...CARD_KEYS, 'kty'])
const LISTS_OF_PAIRS = new Set(['rawHeaders', 'rawTrailers', 'headers', 'trailers'])

/** What decides on a key that was not met before. */
export interface LookTests {
  kindOf(key: string): KeyKind
  /** A key in lower case, letters and digits only. */
  fold(key: string): string
}

/**
 * The keys that were met, as a trie of their bytes: one step for each byte that is read anyway, and no string is made of a
 * key that was met before. A bounded number of them; then all are forgotten.
 */
export class LookKeys {
  readonly #tests: LookTests
  /** By state and symbol the next state; 0 for none. */
  steps: Uint16Array = new Uint16Array(FIRST_STATES * NO_SYMBOL)
  /** By state the flags of the key that ends there. */
  flags: Uint8Array = new Uint8Array(FIRST_STATES)
  /** The first is the beginning of each key, and 0 is none. */
  #states = 2

  constructor(tests: LookTests) {
    this.#tests = tests
  }

  /** The state in which each key begins. */
  static readonly START = 1

  /** Decides on a key of these symbols and remembers it; returns its flags. */
  learn(key: string): number {
    if (key.length > MAX_KEY_CHARS) return UNREADABLE
    const flags = this.#flagsOf(key)
    if (this.#states + key.length > MAX_STATES) this.#forget()
    let state = LookKeys.START
    for (let at = 0; at < key.length; at += 1) {
      const index = state * NO_SYMBOL + (SYMBOLS[key.charCodeAt(at)] as number)
      state = this.steps[index] || this.#add(index)
    }
    this.flags[state] = flags
    return flags
  }

  #flagsOf(key: string): number {
    if (key === '' || key === '__proto__' || !isPlain(key)) return KNOWN | UNREADABLE
    const { kindOf, fold } = this.#tests
    const kind = kindOf(key)
    const folded = fold(key)
    let flags = KNOWN
    if (isSecretKind(kind)) flags |= SECRET
    else if (kind !== 'readable') flags |= JUDGED
    if (isPairLabel(folded) || judging.has(folded)) flags |= JUDGING
    if (LISTS_OF_PAIRS.has(key)) flags |= LISTING
    return flags
  }

  #add(index: number): number {
    const state = this.#states
    this.#states += 1
    if (state >= this.flags.length) this.#grow()
    this.steps[index] = state
    return state
  }

  #grow(): void {
    const steps = new Uint16Array(this.steps.length * 2)
    steps.set(this.steps)
    this.steps = steps
    const flags = new Uint8Array(this.flags.length * 2)
    flags.set(this.flags)
    this.flags = flags
  }

  #forget(): void {
    this.steps.fill(0)
    this.flags.fill(0)
    this.#states = 2
  }
}

function symbols(): Uint8Array {
  const table = new Uint8Array(256).fill(NO_SYMBOL)
  const bytes = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-'
  for (let at = 0; at < bytes.length; at += 1) table[bytes.charCodeAt(at)] = at
  return table
}
