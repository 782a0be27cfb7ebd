import { isShortPlain } from './plain-text.js'
import type { RedactRules } from './redact-rules.js'
import { redactString } from './redact-string.js'
import type { WorkBudget } from './work-budget.js'

// What it costs to decide on a key that was not seen lately, besides its length; one that was costs next to nothing.
const KEY_UNITS = 30
const KEY_CHAR_UNITS = 2
const KNOWN_KEYS = 2000
const KNOWN_KEY_MAX_CHARS = 64
const HEADER_NAME_UNITS = 8

/** What the calls of one redactor have in common. */
export interface SharedRules
  extends Pick<
    RedactRules,
    'censor' | 'urlCensor' | 'isSensitiveKey' | 'isSensitiveHeader' | 'isFlagKey'
  > {
  /** What was decided on keys, for a bounded number of them. */
  readonly knownKeys: Map<string, boolean>
  /** Redacts the value of a header that is not plain. */
  readonly redactHeader: (text: string, rules: RedactRules) => string
}

/** The rules of a redactor and the budget of one call. */
export class CallRules implements RedactRules {
  readonly budget: WorkBudget
  readonly censor: string
  readonly urlCensor: string
  readonly #shared: SharedRules

  constructor(shared: SharedRules, budget: WorkBudget) {
    this.#shared = shared
    this.budget = budget
    this.censor = shared.censor
    this.urlCensor = shared.urlCensor
  }

  /** With nothing left of the budget each key counts as one that names a secret. */
  isSensitiveKey(key: string): boolean {
    const { knownKeys } = this.#shared
    const known = knownKeys.get(key)
    if (known !== undefined) return known
    if (!this.budget.spend(KEY_UNITS + KEY_CHAR_UNITS * key.length)) return true
    const isSensitive = this.#shared.isSensitiveKey(key)
    if (key.length <= KNOWN_KEY_MAX_CHARS) {
      if (knownKeys.size >= KNOWN_KEYS) knownKeys.clear()
      // A copy: a slice would keep the text it was cut from in memory.
      knownKeys.set(Buffer.from(key, 'utf16le').toString('utf16le'), isSensitive)
    }
    return isSensitive
  }

  isSensitiveHeader(name: string): boolean {
    this.budget.spend(HEADER_NAME_UNITS + name.length)
    return this.#shared.isSensitiveHeader(name)
  }

  isFlagKey(key: string): boolean {
    return this.#shared.isFlagKey(key)
  }

  string(text: string, nesting: number, maxBytes?: number): string {
    return redactString(this, text, nesting, maxBytes)
  }

  header(text: string): string {
    return isShortPlain(text) ? text : this.#shared.redactHeader(text, this)
  }
}
