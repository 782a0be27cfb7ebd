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
 * Takes secrets out of what is logged, stored or sent; nothing in it throws, whatever it is given.
 *
 * Each call does a bounded amount of work, by default some 10 ms at worst; what is left then is replaced by
 * `[truncated: 123 bytes]`. Calls for one request may share a budget.
 */
export interface Redactor {
  /** What stands in place of a secret. */
  readonly censor: string
  /** Whether a key names a secret. One that names a yes or no (`hasPassword`) does not. */
  isSensitiveKey(key: string): boolean
  /** Whether `value` hides a property, by its key, its value and what stands beside it in its holder. */
  hides(key: string, value: unknown, holder?: object): boolean
  /** A bounded copy of any value as JSON data; the strings in it are redacted by what they look like. */
  value(value: unknown, budget?: WorkBudget): JsonValue
  /** A JSON document; one that cannot be read is dropped for a marker. 1 MiB at most. */
  json(text: string, budget?: WorkBudget): string
  /** A form body or a query string, with or without the leading `?`. 1 MiB at most. */
  form(text: string, budget?: WorkBudget): string
  /** The user info, query and fragment parameters of a URL; the rest stays as it is. 1 MiB at most. */
  url(url: string, budget?: WorkBudget): string
  /** A copy of a record of headers. 1,000 headers of 64 KiB at most. */
  headers(
    headers: Readonly<Record<string, unknown>>,
    budget?: WorkBudget,
  ): Record<string, string | string[]>
  /** Error messages, stack traces, log lines. 1 MiB at most. */
  text(text: string, budget?: WorkBudget): string
  /**
   * Whether `value` would change nothing in the JSON document of these bytes (UTF-8), by a look at them that takes less time than
   * parsing does. False where that is not sure at a look, or the bytes are no JSON. Absent from a redactor of another make.
   */
  isCleanJson?(json: Buffer, budget: WorkBudget): boolean
  /** Whether the value under a key stays as it is. Absent where no key has such values. */
  readonly keeps?: (key: string, value: unknown) => boolean
  /** A redactor that does the same, and more. */
  extend(extension: RedactExtension): Redactor
}

/** What stands in place of a secret unless the options say otherwise. */
export const DEFAULT_CENSOR = '[redacted]'

const HEADER_MAX_BYTES = 65_536
/** What a text of a document that needs a closer look costs besides what is in it. */
const LOOK_UNITS = 4

/** Makes a redactor; the options add to the built-in lists and never take from them. */
export function createRedactor(options: RedactOptions = {}): Redactor {
  return redactorOf(options)
}

function redactorOf(options: RedactOptions & RedactExtension): Redactor {
  const shared = createRules(options)
  const { censor, kindOf, kept } = shared
  const rulesFor = (budget = new WorkBudget()): RedactRules => new CallRules(shared, budget)
  const redactPlain = withRecentTexts(redactBoundedText)
  // Made with the first document, as many a redactor never meets one.
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

// Most strings by far; they need no copy.
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

// An untyped caller may pass anything; a text that defeats the redactor (an exhausted stack) is not let through.
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

/** Texts that are remembered, and their length: a stack trace has some hundred to some thousand characters. */
const MAX_TEXTS = 32
const MIN_CHARS = 200
const MAX_CHARS = 16_384

/**
 * Wraps a function of texts so that it answers from memory when the same text comes again. In a storm of errors the same
 * stack trace does, and redacting it costs as much as half of a request.
 */
export function withRecentTexts(make: Redact): Redact {
  const recent = new Map<string, string>()
  return (text, rules) => {
    if (text.length < MIN_CHARS || text.length > MAX_CHARS) return make(text, rules)
    // With nothing left the text is cut, remembered or not.
    let made = rules.budget.isSpent ? undefined : recent.get(text)
    if (made === undefined) {
      made = make(text, rules)
      // It may be cut, for this call's want of work and not for its length.
      if (rules.budget.isSpent) return made
      const [oldest] = recent.keys()
      if (recent.size >= MAX_TEXTS && oldest !== undefined) recent.delete(oldest)
      recent.set(text, made)
    }
    return made
  }
}

/** Texts that are remembered as clean, and their length: values of headers that come with each call, such as `timeout=72`. */
const MAX_CLEAN = 256
const CLEAN_MAX_CHARS = 128

/** Wraps a redacting function so that it does not look again at short texts in which it has found nothing. */
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
