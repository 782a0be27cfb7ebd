import { hides, type KeyTests } from './hidden-values.js'
import { decodeLeniently, encode, redactParameters } from './redact-form.js'
import { redactIfJson, redactJson, startsAsList, startsAsObject } from './redact-json.js'
import {
  cutBetweenWords,
  DECODED,
  isMarker,
  type KeptNames,
  MAX_NESTING,
  MAX_TEXT_BYTES,
  PASSED_OVER,
  type RedactRules,
  splitAtLimit,
  TOO_DEEP,
  truncated,
} from './redact-rules.js'
import { redactText } from './redact-text.js'
import { redactUrl } from './redact-url.js'
import { isSecretKind, type KeyKind } from './sensitive-keys.js'
import { isPlain, isShortPlain } from './shape-scan.js'
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

// `%3D`, `%3A`, `%22`, `%7B`: the encoded forms of what makes a key a key.
const ENCODED_PAIR = /%(?:25)*(?:3[ad]|22|7b)/i

// What it costs to tell JSON, a URL, a form and text apart.
const LOOK_UNITS = 8

/** Redacts a string by what it looks like: JSON, a URL, a form or text. */
export function redactString(
  rules: RedactRules,
  text: string,
  nesting: number,
  maxBytes: number = MAX_TEXT_BYTES,
): string {
  // What is beyond the limit is not looked at.
  const seen = text.length > maxBytes ? text.slice(0, maxBytes) : text
  if (!rules.budget.spend(1 + seen.length / PASSED_OVER)) return truncated(text)
  if (isPlain(seen)) return cutBetweenWords(text, maxBytes)
  rules.budget.spend(LOOK_UNITS)
  if (text === rules.censor || isMarker(text)) return text
  if (nesting > MAX_NESTING) return TOO_DEEP
  const { kept, marker } = splitAtLimit(text, maxBytes)
  if (startsAsObject(kept)) {
    return marker === '' ? redactJson(rules, kept, nesting) : truncated(text)
  }
  return redactUnstructured(rules, kept, nesting) + marker
}

function redactUnstructured(rules: RedactRules, text: string, nesting: number): string {
  const list = startsAsList(text) ? redactIfJson(rules, text, nesting) : undefined
  if (list !== undefined) return list
  if (!/\s/.test(text)) {
    // What is neither user info nor parameter of a URL is text: `https://host/path;token=x`.
    if (/^(?:[a-z][a-z0-9+.:-]*:)?[/\\]/i.test(text))
      return redactText(rules, redactUrl(rules, text, nesting), nesting)
    if (/^[\w.~+%[\]-]+=/.test(text)) return redactParameters(rules, text, /&/g, nesting)
  }
  return ENCODED_PAIR.test(text)
    ? redactDecoded(rules, text, nesting)
    : redactText(rules, text, nesting)
}

/** A text whose `key=value` or JSON is itself percent-encoded. */
function redactDecoded(rules: RedactRules, text: string, nesting: number): string {
  const outer = redactText(rules, text, nesting)
  if (!rules.budget.spend(outer.length / DECODED)) return truncated(text)
  const decoded = decodeLeniently(outer)
  if (decoded === outer) return outer
  const redacted = rules.string(decoded, nesting + 1)
  if (redacted === decoded) return outer
  return /\s/.test(outer) ? redacted : encode(redacted)
}
