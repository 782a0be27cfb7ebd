import { base64UrlEnd, credentialEnd, jwtEnd, privateKeyEnd } from './bare-secrets.js'
import { redactEncoded } from './redact-form.js'
import type { RedactRules } from './redact-rules.js'
import { userInfoEnd } from './redact-url.js'
import { hasShape, redactShapes } from './shape-scan.js'
import { isShown } from './shown-values.js'
import { isSecretKey, keyBefore } from './text-key.js'
import { parameterEnd, secretSpan } from './text-value.js'

// Where a secret may start: a separator, a URL, a JWT, a private key, an HTTP authentication scheme.
const SCHEMES = 'bearer|basic|token|negotiate|ntlm|apikey|dpop|ssws|geniekey|splunk'
const ANCHOR = new RegExp(`[=:]|/{2,}|eyJ|-----BEGIN |\\b(?:${SCHEMES})[ \\t]+`, 'gi')
// Two searches, since one with both takes half as long again.
const MARK = /[=:%\\]|\/\/|eyJ|-----BEGIN /
const SCHEME = new RegExp(`(?:^|\\W)(?:${SCHEMES})[ \\t]`, 'i')

// Looking no further for the user info of a URL keeps the time linear.
const URL_WINDOW = 512

/** A piece of the text and what to write in its place. */
interface Hit {
  readonly start: number
  readonly end: number
  readonly replacement: string
}

/** Whether there is nothing in a text that needs a closer look. */
export function isPlain(text: string): boolean {
  return !MARK.test(text) && !SCHEME.test(text) && !hasShape(text)
}

/** Redacts what looks like a secret in free text, in one pass from left to right. */
export function redactText(rules: RedactRules, text: string, nesting: number): string {
  let redacted = ''
  let done = 0
  let at = 0
  for (let mark = nextMark(text, at); mark !== null; mark = nextMark(text, at)) {
    const found = hitAt(rules, text, mark[0], mark.index, done, nesting)
    if (found === undefined) at = resumption(text, mark[0], mark.index)
    else {
      redacted += text.slice(done, found.start) + found.replacement
      at = found.end
      done = found.end
    }
  }
  return redactShapes(done === 0 ? text : redacted + text.slice(done), rules.censor)
}

function nextMark(text: string, from: number): RegExpExecArray | null {
  ANCHOR.lastIndex = from
  return ANCHOR.exec(text)
}

function hitAt(
  rules: RedactRules,
  text: string,
  mark: string,
  index: number,
  done: number,
  nesting: number,
): Hit | undefined {
  const after = index + mark.length
  switch (mark.charAt(0)) {
    case '=':
    case ':':
      return pairAt(rules, text, index, done, nesting)
    case '/':
      return hit(after, authorityUserEnd(text, after), rules.urlCensor)
    case '-':
      return hit(index, privateKeyEnd(text, index), rules.censor)
    default:
      if (mark.startsWith('eyJ')) return hit(index, jwtEnd(text, index), rules.censor)
      if (/\s$/.test(mark))
        return hit(after, credentialEnd(text, mark.trimEnd(), after, rules.censor), rules.censor)
      return undefined
  }
}

// Within base64 nothing starts anew; looking again at each `eyJ` in it would take quadratic time.
function resumption(text: string, mark: string, index: number): number {
  return mark === 'eyJ' ? base64UrlEnd(text, index) : index + mark.length
}

function authorityUserEnd(text: string, start: number): number {
  const rest = text.slice(start, start + URL_WINDOW)
  if (!rest.includes('@')) return -1
  const end = rest.search(/[\s"<>`]/)
  const length = userInfoEnd(end === -1 ? rest : rest.slice(0, end), 0)
  return length === -1 ? -1 : start + length
}

function hit(start: number, end: number, replacement: string): Hit | undefined {
  return end > start ? { start, end, replacement } : undefined
}

/** `key=value`, `key: value`, `"key":"value"`, `key => value`. */
function pairAt(
  rules: RedactRules,
  text: string,
  index: number,
  done: number,
  nesting: number,
): Hit | undefined {
  const key = keyBefore(text, index, done)
  if (key === undefined) return undefined
  if (isSecretKey(rules, key)) {
    const span = secretSpan(text, index, key, rules.censor)
    if (span === undefined) return undefined
    const separator = text.slice(index, span.start)
    if (isShown(rules, key, separator, text.slice(span.start, span.end))) return undefined
    return hit(span.start, span.end, rules.censor)
  }
  if (text[index] !== '=') return undefined
  const end = parameterEnd(text, index + 1)
  const value = text.slice(index + 1, end)
  if (!value.includes('%')) return undefined
  return hit(index + 1, end, redactEncoded(rules, value, nesting))
}
