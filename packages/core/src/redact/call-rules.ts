import { hides, type KeyTests } from './hidden-values.js'
import type { KeptNames, RedactRules } from './redact-rules.js'
import { redactString } from './redact-string.js'
import { isSecretKind, type KeyKind } from './sensitive-keys.js'
import { isShortPlain } from './shape-scan.js'
import type { WorkBudget } from './work-budget.js'

// What it costs to decide on a key that was not seen lately, besides its length; one that was costs next to nothing.
const KEY_UNITS = 30
const KEY_CHAR_UNITS = 2
const KNOWN_KEYS = 2000
const KNOWN_KEY_MAX_CHARS = 64
const HEADER_NAME_UNITS = 8

/** What the calls of one redactor have in common. */
export interface SharedRules extends Pick<RedactRules, 'censor' | 'urlCensor' | 'kept'>, KeyTests {
  /** What was decided on keys, for a bounded number of them. */
  readonly knownKeys: Map<string, KeyKind>
  /** Redacts the value of a header that is not plain. */
  readonly redactHeader: (text: string, rules: RedactRules) => string
}

/** The rules of a redactor and the budget of one call. */
export class CallRules implements RedactRules, KeyTests {
  readonly budget: WorkBudget
  readonly censor: string
  readonly urlCensor: string
  readonly kept: KeptNames | undefined
  readonly #shared: SharedRules

  constructor(shared: SharedRules, budget: WorkBudget) {
    this.#shared = shared
    this.budget = budget
    this.censor = shared.censor
    this.urlCensor = shared.urlCensor
    this.kept = shared.kept
  }

  isSensitiveKey(key: string): boolean {
    return isSecretKind(this.kindOf(key))
  }

  hides(key: string, value: unknown, holder?: object): boolean {
    return hides(this, key, value, holder)
  }

  /** With nothing left of the budget each key counts as one that names a secret. */
  kindOf(key: string): KeyKind {
    const { knownKeys } = this.#shared
    const known = knownKeys.get(key)
    if (known !== undefined) return known
    if (!this.budget.spend(KEY_UNITS + KEY_CHAR_UNITS * key.length)) return 'secret'
    const kind = this.#shared.kindOf(key)
    if (key.length <= KNOWN_KEY_MAX_CHARS) {
      if (knownKeys.size >= KNOWN_KEYS) knownKeys.clear()
      // A copy: a slice would keep the text it was cut from in memory.
      knownKeys.set(Buffer.from(key, 'utf16le').toString('utf16le'), kind)
    }
    return kind
  }

  isSensitiveHeader(name: string): boolean {
    this.budget.spend(HEADER_NAME_UNITS + name.length)
    return this.#shared.isSensitiveHeader(name)
  }

  fold(key: string): string {
    return this.#shared.fold(key)
  }

  string(text: string, nesting: number, maxBytes?: number): string {
    return redactString(this, text, nesting, maxBytes)
  }

  header(text: string): string {
    return isShortPlain(text) ? text : this.#shared.redactHeader(text, this)
  }
}
