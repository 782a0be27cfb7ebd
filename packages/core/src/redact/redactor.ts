import type { JsonValue } from '../json/json-value.js'
import { CallRules, redactString, type SharedRules } from './call-rules.js'
import { hides } from './hidden-values.js'
import { JsonLook } from './json-look.js'
import { encode, redactForm } from './redact-form.js'
import { redactHeaders } from './redact-headers.js'
import { redactJson, redactValue, startsAsObject } from './redact-json.js'
import { extended, type RedactExtension, type RedactOptions } from './redact-options.js'
import {
  cutBetweenWords,
  KeptNames,
  MAX_TEXT_BYTES,
  PASSED_OVER,
  type RedactRules,
  splitAtLimit,
  textOf,
  truncated,
} from './redact-rules.js'
import { redactText } from './redact-text.js'
import { redactUrl } from './redact-url.js'
import { createHeaderTest, createKeyFold, createKeyTest, isSecretKind } from './sensitive-keys.js'
import { isPlain, isShortPlain, isShortWordOrTime } from './shape-scan.js'
import { WorkBudget } from './work-budget.js'

/**
 * Removes secrets from data before it is logged, stored or sent. No method throws, for any input.
 *
 * Each call does a limited amount of work, by default about 10 ms at worst. The rest of the input is replaced by
 * `[truncated: 123 bytes]`. All calls for one request may share one budget.
 */
export interface Redactor {
  /** The text that replaces a secret. */
  readonly censor: string
  /** Whether a key names a secret. The name of a flag (`hasPassword`) does not. */
  isSensitiveKey(key: string): boolean
  /** Whether the method `value` would hide this property, judged by its key, its value and the other properties of `holder`. */
  hides(key: string, value: unknown, holder?: object): boolean
  /** A redacted copy of any value as JSON data, limited in size. Strings are redacted as JSON, URL, form or text, by their form. */
  value(value: unknown, budget?: WorkBudget): JsonValue
  /** Redacts a JSON document, 1 MiB at most. One that cannot be parsed is replaced by a marker. */
  json(text: string, budget?: WorkBudget): string
  /** Redacts a form body or a query string, with or without the leading `?`, 1 MiB at most. */
  form(text: string, budget?: WorkBudget): string
  /** Redacts the user info, the query and the fragment parameters of a URL, 1 MiB at most. The rest is unchanged. */
  url(url: string, budget?: WorkBudget): string
  /** A redacted copy of a record of headers: at most 1,000 headers of 64 KiB each. */
  headers(
    headers: Readonly<Record<string, unknown>>,
    budget?: WorkBudget,
  ): Record<string, string | string[]>
  /** Redacts free text (an error message, a stack trace, a log line), 1 MiB at most. */
  text(text: string, budget?: WorkBudget): string
  /**
   * Whether `value` would change nothing in this JSON document (UTF-8 bytes). Scans the bytes, which takes less time than parsing
   * them. False when the scan cannot be sure or the bytes are not JSON. Other implementations of this interface may lack it.
   */
  isCleanJson?(json: Buffer, budget: WorkBudget): boolean
  /** Whether the value of a key is kept unredacted, by the option `keep`. Undefined when that option is not used. */
  readonly keeps?: (key: string, value: unknown) => boolean
  /** Makes a redactor with the same options and these in addition. */
  extend(extension: RedactExtension): Redactor
}

/** The default of the option `censor`. */
export const DEFAULT_CENSOR = '[redacted]'

const HEADER_MAX_BYTES = 65_536
/** Units of work for one text of a JSON document that is checked in full, in addition to the work of the check. */
const LOOK_UNITS = 4

/** Makes a redactor. The options add to the built-in lists and never remove from them. */
export function createRedactor(options: RedactOptions = {}): Redactor {
  return redactorOf(options)
}

function redactorOf(options: RedactOptions & RedactExtension): Redactor {
  const shared = createRules(options)
  const { censor, kindOf, kept } = shared
  const rulesFor = (budget = new WorkBudget()): RedactRules => new CallRules(shared, budget)
  const redactPlain = withRecentTexts(redactBoundedText)
  // Made for the first JSON document: many redactors never get one.
  let look: JsonLook | undefined
  const isUnchanged = (text: string, budget: WorkBudget): boolean => {
    if (isShortWordOrTime(text)) return true
    budget.spend(LOOK_UNITS)
    return isShortPlain(text) || redactValue(rulesFor(budget), text, 0) === text
  }
  return {
    censor,
    isSensitiveKey: (key) => {
      const kind = kindOf(textOf(key))
      return kind !== 'flag' && isSecretKind(kind)
    },
    hides: (key, value, holder) => hides(shared, textOf(key), value, holder),
    value: (value, budget) =>
      isShortAndPlain(value) ? value : redactValue(rulesFor(budget), value, 0),
    json: (text, budget) => guarded(text, (json) => redactJson(rulesFor(budget), json, 0)),
    form: (text, budget) => guarded(text, (form) => redactFormOrJson(rulesFor(budget), form)),
    url: (url, budget) => guarded(url, (link) => redactUrl(rulesFor(budget), link, 0)),
    headers: (headers, budget) => redactHeaders(rulesFor(budget), headers),
    text: (text, budget) => guarded(text, (plain) => redactPlain(plain, rulesFor(budget))),
    isCleanJson: (json, budget) => {
      look ??= new JsonLook(shared, isUnchanged)
      return look.isClean(json, budget)
    },
    ...(kept === undefined ? undefined : { keeps: (key, value) => kept.keeps(key, value) }),
    extend: (extension) => redactorOf(extended(options, extension)),
  }
}

// Most strings are short and plain, and need no copy.
function isShortAndPlain(value: unknown): value is string {
  return typeof value === 'string' && isShortPlain(value)
}

function createRules({
  keys = [],
  headers = [],
  keep = [],
  censor = DEFAULT_CENSOR,
}: RedactOptions & RedactExtension): SharedRules {
  const kindOf = createKeyTest(keys)
  return {
    censor,
    urlCensor: /^[\w.~*!()[\]-]*$/.test(censor) ? censor : encode(censor),
    kindOf,
    kept: keep.length === 0 ? undefined : new KeptNames(keep),
    isSensitiveHeader: createHeaderTest(headers, kindOf),
    fold: createKeyFold(),
    knownKeys: new Map(),
    redactHeader: withCleanTexts((text, rules) => redactString(rules, text, 0, HEADER_MAX_BYTES)),
  }
}

// An untyped caller may pass anything. When the redactor fails (the stack is exhausted), the text is hidden and not passed on.
function guarded(value: unknown, redact: (text: string) => string): string {
  const text = textOf(value)
  try {
    return redact(text)
  } catch {
    return '[unreadable]'
  }
}

function redactFormOrJson(rules: RedactRules, text: string): string {
  return startsAsObject(text) ? redactJson(rules, text, 0) : redactForm(rules, text, 0)
}

function redactBoundedText(text: string, rules: RedactRules): string {
  const seen = text.length > MAX_TEXT_BYTES ? text.slice(0, MAX_TEXT_BYTES) : text
  if (!rules.budget.spend(seen.length / PASSED_OVER)) return truncated(text)
  if (isPlain(seen)) return cutBetweenWords(text, MAX_TEXT_BYTES)
  const { kept, marker } = splitAtLimit(text, MAX_TEXT_BYTES)
  return redactText(rules, kept, 0) + marker
}

type Redact = (text: string, rules: RedactRules) => string

/** How many texts are cached, and of which length: a stack trace has some hundred to some thousand characters. */
const MAX_TEXTS = 32
const MIN_CHARS = 200
const MAX_CHARS = 16_384

/**
 * Wraps a redacting function with a cache of recent texts. When many errors occur at once, the same stack trace is redacted
 * again and again, and each time costs as much as half of a request.
 */
export function withRecentTexts(make: Redact): Redact {
  const recent = new Map<string, string>()
  return (text, rules) => {
    if (text.length < MIN_CHARS || text.length > MAX_CHARS) return make(text, rules)
    // Without work left the text is cut, also when it is cached.
    let made = rules.budget.isSpent ? undefined : recent.get(text)
    if (made === undefined) {
      made = make(text, rules)
      // The result may be cut because this call had no work left, so it is not valid for other calls.
      if (rules.budget.isSpent) return made
      const [oldest] = recent.keys()
      if (recent.size >= MAX_TEXTS && oldest !== undefined) recent.delete(oldest)
      recent.set(text, made)
    }
    return made
  }
}

/** How many texts without a secret are cached, and of which length: header values that repeat, such as `timeout=72`. */
const MAX_CLEAN = 256
const CLEAN_MAX_CHARS = 128

/** Wraps a redacting function so that short texts in which it found no secret are not redacted again. */
export function withCleanTexts(redact: Redact): Redact {
  const clean = new Set<string>()
  return (text, rules) => {
    if (clean.has(text)) return text
    const redacted = redact(text, rules)
    if (redacted === text && text.length <= CLEAN_MAX_CHARS) {
      if (clean.size >= MAX_CLEAN) clean.clear()
      clean.add(text)
    }
    return redacted
  }
}
