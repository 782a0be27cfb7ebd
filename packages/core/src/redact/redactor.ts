import { cutText, type JsonValue } from '../json-value.js'
import { hides } from './hidden-values.js'
import { encode } from './percent.js'
import { withCleanTexts, withRecentTexts } from './recent-texts.js'
import { redactForm } from './redact-form.js'
import { redactHeaders } from './redact-headers.js'
import { redactJson, redactValue, startsAsObject } from './redact-json.js'
import { MAX_TEXT_BYTES, type RedactRules, splitAtLimit, textOf } from './redact-rules.js'
import { redactString } from './redact-string.js'
import { isPlain, redactText } from './redact-text.js'
import { redactUrl } from './redact-url.js'
import { createHeaderTest, createKeyFold, createKeyTest, isSecretKind } from './sensitive-keys.js'

/** What is redacted besides the built-in lists, and what stands in its place. */
export interface RedactOptions {
  /** Names of keys, whose notation does not matter: `partner-key` is also `partnerKey` and `PARTNER_KEY`. */
  keys?: readonly string[]
  /** Names of headers. */
  headers?: readonly string[]
  /** @default '[redacted]' */
  censor?: string
}

/** Takes secrets out of what is logged, stored or sent; nothing in it throws, whatever it is given. */
export interface Redactor {
  /** What stands in place of a secret. */
  readonly censor: string
  /** Whether a key names a secret. One that names a yes or no (`hasPassword`) does not. */
  isSensitiveKey(key: string): boolean
  /** Whether `value` hides a property, by its key, its value and what stands beside it in its holder. */
  hides(key: string, value: unknown, holder?: object): boolean
  /** A bounded copy of any value as JSON data; the strings in it are redacted by what they look like. */
  value(value: unknown): JsonValue
  /** A JSON document; one that cannot be read is dropped for a marker. 1 MiB at most. */
  json(text: string): string
  /** A form body or a query string, with or without the leading `?`. 1 MiB at most. */
  form(text: string): string
  /** The user info, query and fragment parameters of a URL; the rest stays as it is. 1 MiB at most. */
  url(url: string): string
  /** A copy of a record of headers. 1,000 headers of 64 KiB at most. */
  headers(headers: Readonly<Record<string, unknown>>): Record<string, string | string[]>
  /** Error messages, stack traces, log lines. 1 MiB at most. */
  text(text: string): string
}

/** What stands in place of a secret unless the options say otherwise. */
export const DEFAULT_CENSOR = '[redacted]'

const SHORT_CHARS = 1_000
const HEADER_MAX_BYTES = 65_536

/** Makes a redactor; the options add to the built-in lists and never take from them. */
export function createRedactor(options: RedactOptions = {}): Redactor {
  const rules = createRules(options)
  const redactPlain = withRecentTexts((plain) => redactBoundedText(rules, plain))
  return {
    censor: rules.censor,
    isSensitiveKey: (key) => rules.namesSecret(textOf(key)),
    hides: (key, value, holder) => rules.hides(textOf(key), value, holder),
    value: (value) => (isShortAndPlain(value) ? value : redactValue(rules, value, 0)),
    json: (text) => guarded(text, (json) => redactJson(rules, json, 0)),
    form: (text) => guarded(text, (form) => redactFormOrJson(rules, form)),
    url: (url) => guarded(url, (link) => redactUrl(rules, link, 0)),
    headers: (headers) => redactHeaders(rules, headers),
    text: (text) => guarded(text, redactPlain),
  }
}

// Most strings by far; they need no copy.
function isShortAndPlain(value: unknown): value is string {
  return typeof value === 'string' && value.length <= SHORT_CHARS && isPlain(value)
}

function createRules({
  keys = [],
  headers = [],
  censor = DEFAULT_CENSOR,
}: RedactOptions): RedactRules {
  const kindOf = createKeyTest(keys)
  const isSensitiveHeader = createHeaderTest(headers, kindOf)
  const tests = { kindOf, isSensitiveHeader, fold: createKeyFold() }
  const rules: RedactRules = {
    censor,
    urlCensor: /^[\w.~*!()[\]-]*$/.test(censor) ? censor : encode(censor),
    isSensitiveKey: (key) => isSecretKind(kindOf(key)),
    namesSecret: (key) => kindOf(key) !== 'flag' && isSecretKind(kindOf(key)),
    isSensitiveHeader,
    hides: (key, value, holder) => hides(tests, key, value, holder),
    string: (text, nesting, maxBytes) => redactString(rules, text, nesting, maxBytes),
    header: (text) => (isShortAndPlain(text) ? text : redactMarked(text)),
  }
  const redactMarked = withCleanTexts((text) => redactString(rules, text, 0, HEADER_MAX_BYTES))
  return rules
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

function redactBoundedText(rules: RedactRules, text: string): string {
  if (isPlain(text)) return cutText(text, MAX_TEXT_BYTES)
  const { kept, marker } = splitAtLimit(text, MAX_TEXT_BYTES)
  return redactText(rules, kept, 0) + marker
}
