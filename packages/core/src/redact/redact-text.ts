import {
  base64UrlEnd,
  credentialEnd,
  cutCredentialsEnd,
  jwtEnd,
  privateKeyEnd,
  urlUserEnd,
} from './bare-secrets.js'
import { redactDatabaseMessages } from './database-messages.js'
import {
  columnValue,
  echoedSpan,
  flagSpan,
  identifiedByEnd,
  loginSpan,
  noteProgram,
  PROGRAMS,
  quotedOrWord,
  rowSpan,
  SHORT_FLAG,
  tupleSpan,
} from './named-values.js'
import { redactEncoded } from './redact-form.js'
import { PASSED_OVER, type RedactRules, truncated } from './redact-rules.js'
import { redactShapes, SCHEMES, type Span } from './shape-scan.js'
import { redactPrismaCalls, redactStatements } from './sql-statements.js'
import { isQuote, isSecretKey, isShown, keyBefore, type TextKey } from './text-key.js'
import { isProse } from './text-prose.js'
import { elementSpan, TextScanner } from './text-scanner.js'
import { parameterEnd, secretSpan } from './text-value.js'

// What may announce a secret: a separator, a URL, a JWT, a private key, an HTTP authentication scheme, words of SQL, databases
// and validators before a value, a flag of a command line, an element of markup.
const ECHOES = '(?:received|got|value|entry|was|input)[ \\t]+["\'`]'
const NAMED = `identified(?=[ \\t])|failing row contains \\(|${ECHOES}|password[ \\t]+['"]`
const LONG_FLAG = '(?:-|(?<![\\w-]-))[a-z](?=[\\w-]{2,40}[ \\t])'
const FLAG = `-(?:${LONG_FLAG}|${SHORT_FLAG})`
const ANCHOR = new RegExp(
  `[=:\\uff1a\\uff1d]|/{2,}|<(?=[a-z_])|eyJ|-----BEGIN |${FLAG}|\\b(?:(?:${SCHEMES})[ \\t]+|${NAMED}|${PROGRAMS})`,
  'gi',
)
const FLAG_NAME = /[\w-]*/y

// The work of telling credentials from prose, in skipped characters.
const CREDENTIAL_CHARS = 256

// Units of work for each mark, in addition to the characters that are read after it.
const MARK_UNITS = 2

// Units of work for finding out what kind of value a secret has.
const SECRET_UNITS = 6

/** A part of the text, and the text that replaces it. */
interface Hit {
  readonly start: number
  readonly end: number
  readonly replacement: string
}

/** Redacts the secrets in free text, in passes from left to right. The text is cut where the budget is spent. */
export function redactText(rules: RedactRules, text: string, nesting: number): string {
  const statements = redactStatements(rules, redactPrismaCalls(rules, text))
  const withoutValues = redactDatabaseMessages(rules, statements)
  const redacted = redactNamed(rules, withoutValues, nesting)
  rules.budget.spend(redacted.length / PASSED_OVER)
  return redactShapes(redacted, rules.censor)
}

/** Redacts the secrets that are recognised by the words or marks around them. */
function redactNamed(rules: RedactRules, text: string, nesting: number): string {
  const scan = new TextScanner(rules, text)
  let redacted = ''
  let done = 0
  let at = 0
  for (let mark = nextMark(text, at); mark !== null; mark = nextMark(text, at)) {
    const { 0: word, index } = mark
    rules.budget.spend(MARK_UNITS + (index - at) / PASSED_OVER)
    if (rules.budget.isSpent)
      return redacted + text.slice(done, index) + truncated(text.slice(index))
    const found = hitAt(scan, word, index, done, nesting)
    if (found === undefined) at = resumption(scan, word, index)
    else {
      redacted += text.slice(done, found.start) + found.replacement
      at = found.end
      done = found.end
    }
    // The value may extend beyond the part that was read.
    if (rules.budget.isSpent) {
      const seen = Math.max(done, index + word.length)
      return redacted + text.slice(done, seen) + truncated(text.slice(seen))
    }
  }
  return done === 0 ? text : redacted + text.slice(done)
}

function nextMark(text: string, from: number): RegExpExecArray | null {
  ANCHOR.lastIndex = from
  return ANCHOR.exec(text)
}

function hitAt(
  scan: TextScanner,
  mark: string,
  index: number,
  done: number,
  nesting: number,
): Hit | undefined {
  const { rules, text } = scan
  const after = index + mark.length
  switch (mark.charAt(0)) {
    case '=':
    case ':':
    case '\uff1a':
    case '\uff1d':
      return pairAt(scan, index, done, nesting)
    case '<':
      return hitOf(scan, elementSpan(scan, index))
    case '/':
      return urlAt(scan, index, after)
    case '-':
      if (mark.length > 3) return hit(index, privateKeyEnd(text, index), rules.censor)
      return flagAt(scan, index)
    default:
      if (mark.startsWith('eyJ')) return hit(index, jwtEnd(text, index), rules.censor)
      if (/\s$/.test(mark)) {
        const end = credentialEnd(text, mark.trimEnd(), after, rules.censor)
        scan.charge(CREDENTIAL_CHARS + Math.max(0, end - after))
        return hit(after, end, rules.censor)
      }
      return hitOf(scan, namedAt(scan, mark.toLowerCase(), after))
  }
}

function namedAt(scan: TextScanner, mark: string, after: number): Span | undefined {
  if (mark === 'identified') return identifiedByEnd(scan, after)
  if (mark.startsWith('failing')) return rowSpan(scan, after)
  if (mark.startsWith('password')) return quotedOrWord(scan, after - 1)
  if (mark.startsWith('entry')) return columnValue(scan, after - 1)
  if (/[a-z]$/.test(mark)) {
    noteProgram(scan, mark, after)
    return undefined
  }
  return echoedSpan(scan, after - 1)
}

// The whole base64url text is skipped: examining each `eyJ` in it again would take quadratic time.
function resumption(scan: TextScanner, mark: string, index: number): number {
  if (mark !== 'eyJ') return index + mark.length
  const end = base64UrlEnd(scan.text, index)
  scan.charge(end - index)
  return end
}

function urlAt(scan: TextScanner, index: number, start: number): Hit | undefined {
  const end = urlUserEnd(scan, start)
  if (end !== -1) return hit(start, end, scan.rules.urlCensor)
  if (scan.text.charAt(index - 1) !== ':') return undefined
  return hit(start, cutCredentialsEnd(scan, start), scan.rules.urlCensor)
}

/** `--password x`, `-storepass x`, `mysql -px`. */
function flagAt(scan: TextScanner, index: number): Hit | undefined {
  const ofProgram = flagSpan(scan, index)
  if (ofProgram !== undefined) return hitOf(scan, ofProgram)
  const start = index + (scan.text.charAt(index + 1) === '-' ? 2 : 1)
  const end = scan.endOf(FLAG_NAME, start)
  if (end - start < 3 || !' \t'.includes(scan.text.charAt(end) || 'x')) return undefined
  if (!scan.isSensitive(scan.text.slice(start, end))) return undefined
  const value = quotedOrWord(scan, end)
  if (value && isProse(scan, value.start, scan.lineEnd(end), true)) return undefined
  return value && scan.text.charAt(value.start) !== '-' ? hitOf(scan, value) : undefined
}

function hitOf(scan: TextScanner, span: Span | undefined): Hit | undefined {
  return span && hit(span.start, span.end, scan.rules.censor)
}

function hit(start: number, end: number, replacement: string): Hit | undefined {
  return end > start ? { start, end, replacement } : undefined
}

// `password = ?`, `pin = ANY($1)`, `session:?`: a statement without its values, and nothing that could be a value.
const SQL_PLACEHOLDER =
  /[ \t]?(?:[A-Za-z]{1,16} ?\()?(?:\?|\$\d{1,5})(?=$|[),;:]|[ \t\r\n]+(?:[A-Z]{2,12}\b|(?:and|or|where|returning|limit|order|group|having|on|from|for|union|end|when|then|else)\b|[()<>=]))/y

const ECHO_KEY = /^(?:received|got|was|value|actual|input|input_value|found|given|provided)$/i

/** `key=value`, `key: value`, `"key":"value"`, `key => value`. */
function pairAt(scan: TextScanner, index: number, done: number, nesting: number): Hit | undefined {
  const { rules, text } = scan
  const separator = text.charAt(index)
  const key = keyBefore(scan, index, done)
  if (key === undefined)
    return separator === '=' ? hitOf(scan, tupleSpan(scan, index, done)) : undefined
  if (isSecretKey(scan, key)) {
    rules.budget.spend(SECRET_UNITS)
    if (scan.endOf(SQL_PLACEHOLDER, index + 1) > index + 1) return undefined
    const span = secretSpan(scan, index, key, rules.censor)
    return span && isShown(rules, key, text.slice(index, span.end), span.end - span.start)
      ? undefined
      : hitOf(scan, span)
  }
  if (isQuoteNear(text, index + 1) && ECHO_KEY.test(key.name)) {
    const echoed = echoedAfter(scan, index + 1)
    if (echoed !== undefined) return hitOf(scan, echoed)
  }
  if (separator === ':' && mayFollowLoginFlag(text, key)) return hitOf(scan, loginSpan(scan, index))
  if (separator !== '=') return undefined
  const end = parameterEnd(scan, index + 1)
  const value = text.slice(index + 1, end)
  if (!/%[\da-f]{2}/i.test(value)) return undefined
  return hit(index + 1, end, redactEncoded(rules, value, nesting))
}

function isQuoteNear(text: string, index: number): boolean {
  const char = text.charAt(index)
  return isQuote(char === ' ' ? text.charAt(index + 1) : char)
}

const ECHO_OPEN = /[ \t]*`?(?=["'`])/y

function echoedAfter(scan: TextScanner, from: number): Span | undefined {
  const open = scan.endOf(ECHO_OPEN, from)
  if (!`"'`.includes(scan.text.charAt(open) || ' ')) return undefined
  return columnValue(scan, open) ?? echoedSpan(scan, open)
}

// A fast test of the word before: most colons do not follow a flag.
function mayFollowLoginFlag(text: string, key: TextKey): boolean {
  if (key.name.charAt(0) === '-') return true
  const at = key.start - (isQuote(key.before) ? 3 : 2)
  return ' =\t'.includes(text.charAt(at + 1) || 'x') && 'uUr'.includes(text.charAt(at) || 'x')
}
