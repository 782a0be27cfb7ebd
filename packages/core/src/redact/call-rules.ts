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

// Units of work for classifying a key that is not cached, and for each of its characters. A cached key is free.
const KEY_UNITS = 30
const KEY_CHAR_UNITS = 2
const KNOWN_KEYS = 2000
const KNOWN_KEY_MAX_CHARS = 64
const HEADER_NAME_UNITS = 8

/** The rules that all calls of one redactor share. */
export interface SharedRules extends Pick<RedactRules, 'censor' | 'urlCensor' | 'kept'>, KeyTests {
  /** Cache of the kinds of keys; limited in size. */
  readonly knownKeys: Map<string, KeyKind>
  /** Redacts the value of a header that may hold a secret. */
  readonly redactHeader: (text: string, rules: RedactRules) => string
}

/** The rules of a redactor, with the budget of one call. */
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

  /** What a key says of its value. Once the budget is spent, every unknown key counts as the name of a secret. */
  kindOf(key: string): KeyKind {
    const { knownKeys } = this.#shared
    const known = knownKeys.get(key)
    if (known !== undefined) return known
    if (!this.budget.spend(KEY_UNITS + KEY_CHAR_UNITS * key.length)) return 'secret'
    const kind = this.#shared.kindOf(key)
    if (key.length <= KNOWN_KEY_MAX_CHARS) {
      if (knownKeys.size >= KNOWN_KEYS) knownKeys.clear()
      // A copy, because a slice would keep the whole text in memory.
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

// The encoded forms of `=`, `:`, `"` and `{`, which follow or open a key: `%3D`, `%3A`, `%22`, `%7B`.
const ENCODED_PAIR = /%(?:25)*(?:3[ad]|22|7b)/i

// Units of work for finding out whether a string is JSON, a URL, a form or text.
const LOOK_UNITS = 8

/** Redacts a string as JSON, a URL, a form or text, by its form. */
export function redactString(
  rules: RedactRules,
  text: string,
  nesting: number,
  maxBytes: number = MAX_TEXT_BYTES,
): string {
  // Beyond the limit nothing is read.
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
    // The parts of a URL other than its user info and parameters are redacted as text: `https://host/path;token=x`.
    if (/^(?:[a-z][a-z0-9+.:-]*:)?[/\\]/i.test(text))
      return redactText(rules, redactUrl(rules, text, nesting), nesting)
    if (/^[\w.~+%[\]-]+=/.test(text)) return redactParameters(rules, text, /&/g, nesting)
  }
  return ENCODED_PAIR.test(text)
    ? redactDecoded(rules, text, nesting)
    : redactText(rules, text, nesting)
}

/** Redacts a text that holds percent-encoded `key=value` pairs or JSON. */
function redactDecoded(rules: RedactRules, text: string, nesting: number): string {
  const outer = redactText(rules, text, nesting)
  if (!rules.budget.spend(outer.length / DECODED)) return truncated(text)
  const decoded = decodeLeniently(outer)
  if (decoded === outer) return outer
  const redacted = rules.string(decoded, nesting + 1)
  if (redacted === decoded) return outer
  return /\s/.test(outer) ? redacted : encode(redacted)
}
