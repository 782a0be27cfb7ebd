import { stringEnd } from './json-text.js'

/** A JSON number. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/
/** The start of a string, or what may be a number. */
const STRING_OR_NUMBER = /"|-?\d[\d.eE+-]*/g
/** An exponent of three or more digits. With fewer, the number is within the range of a double. */
const LONG_EXPONENT = /[\d.][eE][-+]?\d{3}/
const NEGATIVE_ZERO = /(?:^|[\s:,[])-0/
/** A number of up to 15 digits is always parsed exactly; with a dot these are 16 characters. */
const MIN_CHARS = 16
const ZERO = 48
const NINE = 57
const DOT = 46

/**
 * Parses JSON as JSON.parse does, but a number that JavaScript would change (an id above 2^53, `1e400`, `-0`, more digits than a
 * double holds) becomes a string with its original text. Other spellings of the same value (`1.0`, `1E2`) become numbers.
 *
 * @throws SyntaxError as JSON.parse does
 */
export function parseJson(text: string): unknown {
  const document: unknown = JSON.parse(text)
  return mayChangeNumbers(text) ? JSON.parse(quoteInexact(text)) : document
}

/** Whether a text has a number of 16 or more digits, which JSON.parse may change. Examines every 16th character. */
export function hasLongNumber(text: string): boolean {
  for (let at = MIN_CHARS - 1; at < text.length; at += MIN_CHARS) {
    const code = text.charCodeAt(at)
    if (code > NINE || code < DOT) continue
    // A run of 16 digits that contains this one has 8 more on one side at least.
    if (!isDigit(text, at - MIN_CHARS / 2) && !isDigit(text, at + MIN_CHARS / 2)) continue
    let start = at
    while (isDigit(text, start - 1)) start -= 1
    let end = at + 1
    while (isDigit(text, end)) end += 1
    if (end - start >= MIN_CHARS) return true
  }
  return false
}

/** Whether a text may have a number that is too small for a double, and is parsed as zero. */
export function mayHaveVanished(text: string): boolean {
  return (text.includes('e-') || text.includes('E-')) && LONG_EXPONENT.test(text)
}

/** The text of a JSON document with quotes around each number that JavaScript would change. */
export function quoteInexact(text: string): string {
  let quoted = ''
  let done = 0
  STRING_OR_NUMBER.lastIndex = 0
  for (
    let found = STRING_OR_NUMBER.exec(text);
    found !== null;
    found = STRING_OR_NUMBER.exec(text)
  ) {
    const [token] = found
    if (token === '"') {
      const end = stringEnd(text, found.index)
      if (end === -1) break
      STRING_OR_NUMBER.lastIndex = end
    } else if (!isExact(token)) {
      quoted += `${text.slice(done, found.index)}"${token}"`
      done = found.index + token.length
    }
  }
  return done === 0 ? text : quoted + text.slice(done)
}

/** Whether a text may have a number that JavaScript would change. */
export function mayChangeNumbers(text: string): boolean {
  return (
    hasLongNumber(text) ||
    LONG_EXPONENT.test(text) ||
    (text.includes('-0') && NEGATIVE_ZERO.test(text))
  )
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return (code >= ZERO && code <= NINE) || code === DOT
}

/** Whether parsing a number and writing it again keeps its value. */
function isExact(token: string): boolean {
  if (token.length < MIN_CHARS && !/[eE]|^-0/.test(token)) return true
  // If it is not a number, JSON.parse reports the error.
  if (!NUMBER.test(token)) return true
  const value = Number(token)
  return (
    Number.isFinite(value) && !Object.is(value, -0) && canonical(token) === canonical(String(value))
  )
}

/** A canonical text for each value: the digits without leading and trailing zeros, and the power of ten. */
function canonical(number: string): string {
  const [mantissa = '', exponent = '0'] = number.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.')
  const digits = whole + fraction
  let start = 0
  while (digits.charCodeAt(start) === ZERO) start += 1
  let end = digits.length
  while (end > start && digits.charCodeAt(end - 1) === ZERO) end -= 1
  if (end === start) return '0'
  const power = Number(exponent) - fraction.length + (digits.length - end)
  return `${number.startsWith('-') ? '-' : ''}${digits.slice(start, end)}e${power}`
}
