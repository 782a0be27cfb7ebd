import { cardEnd, SECRET_SHAPES, type SecretShape } from './secret-shapes.js'

/** The shortest secret that is recognised by its form. */
const MIN_CHARS = 13

/*
 * A fast test that matches every text with such a secret: one of a few characters followed by a part of a token, or a row of
 * digits. Most texts do not match and are searched no further. Written out, since `{12}` takes three times as long.
 */
const HINT = new RegExp(
  [
    `[_.A\\d-]${'[\\w.-]'.repeat(12)}`,
    `_${'[\\w+/]'.repeat(12)}(?<=whsec_.{12})`,
    '\\.slack(?:-gov)?\\.com/',
    `\\d${'[\\d .\\u00A0-]'.repeat(12)}`,
  ].join('|'),
)

/** The shapes by their prefixes. */
const SHAPES: ReadonlyMap<string, SecretShape> = new Map(
  SECRET_SHAPES.flatMap((shape) => shape.prefixes.map((prefix) => [prefix, shape] as const)),
)

const PREFIXES = [...SHAPES.keys()]
  .sort((a, b) => b.length - a.length)
  .map((prefix) => prefix.replace(/[./]/g, '\\$&'))
  .join('|')
const WORD_WITH_PREFIX = new RegExp(`(?:^|[^A-Za-z0-9])(?:${PREFIXES})`)
// A prefix begins a word, or follows an escape that ends with a letter: `\nghp_...`, `%2Fghp_...`.
const PREFIX = new RegExp(`(?:^|[^A-Za-z0-9]|\\\\[nrt]|%[0-9A-Fa-f]{2})(${PREFIXES})`, 'g')

// The beginning of a card number, which is not within a word, a telephone number, a fraction or a longer row of digits.
const DIGITS = /(?<!(?<!\\)[\w+]|\d[ .\u00A0-])[2-689]\d{3}[\d .\u00A0-]{9}/g

/** The part of a text that is replaced by the censor. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Whether a text holds a secret that is recognised by its form. */
export function hasShape(text: string): boolean {
  if (text.length < MIN_CHARS || !HINT.test(text)) return false
  // A text with an escape is not plain, so prefixes after escapes are not tested here.
  if (WORD_WITH_PREFIX.test(text) && nextToken(text, 0) !== undefined) return true
  return nextCard(text, 0) !== undefined
}

/** Replaces each secret that is recognised by its form. */
export function redactShapes(text: string, censor: string): string {
  if (text.length < MIN_CHARS || !HINT.test(text)) return text
  return replaced(replaced(text, censor, nextToken), censor, nextCard)
}

function replaced(
  text: string,
  censor: string,
  next: (text: string, from: number) => Span | undefined,
): string {
  let redacted = ''
  let done = 0
  for (let span = next(text, 0); span !== undefined; span = next(text, done)) {
    redacted += text.slice(done, span.start) + censor
    done = span.end
  }
  return done === 0 ? text : redacted + text.slice(done)
}

function nextToken(text: string, from: number): Span | undefined {
  PREFIX.lastIndex = from
  for (let found = PREFIX.exec(text); found !== null; found = PREFIX.exec(text)) {
    const prefix = found[1] ?? ''
    const bodyStart = PREFIX.lastIndex
    const start = bodyStart - prefix.length
    const end = shapeEnd(SHAPES.get(prefix), text, bodyStart)
    if (end !== -1) return { start, end }
    // Another token may begin within the prefix: `pi_ghp_...`.
    PREFIX.lastIndex = start + 1
  }
  return undefined
}

function shapeEnd(shape: SecretShape | undefined, text: string, bodyStart: number): number {
  if (shape === undefined) return -1
  shape.rest.lastIndex = bodyStart
  return shape.rest.test(text) ? shape.rest.lastIndex : -1
}

function nextCard(text: string, from: number): Span | undefined {
  DIGITS.lastIndex = from
  for (let found = DIGITS.exec(text); found !== null; found = DIGITS.exec(text)) {
    const end = cardEnd(text, found.index)
    if (end !== -1) return { start: found.index, end }
  }
  return undefined
}

/** The HTTP authentication schemes that precede credentials in a text, as alternatives of a regular expression. */
export const SCHEMES = 'bearer|basic|token|negotiate|ntlm|apikey|dpop|ssws|geniekey|splunk'

// A fast test that matches every text in which redactText might find something. Words are matched backwards from a space.
const INTERESTING = new RegExp(
  `[=:%\\\\\uff1a\uff1d]|(?:^|\\()["']|[/<]/|eyJ|-(?:-|(?<=[\\s"']-)[a-z])|[ \\t](?<=\\b(?:${SCHEMES}|identified)[ \\t]|[ \\t](?=["'\`(]))`,
  'i',
)

const SHORT_CHARS = 1_000

/** Whether a text certainly holds no secret, by a fast test. */
export function isPlain(text: string): boolean {
  return !INTERESTING.test(text) && !hasShape(text)
}

/** Whether a text is short, as most are, and certainly holds no secret. */
export function isShortPlain(text: string): boolean {
  return text.length <= SHORT_CHARS && isPlain(text)
}

/** One word of 12 characters at most, or a time and nothing behind it: a card number may stand behind `2026-01-01T00:00:00Z.`. */
const SHORT_WORD_OR_TIME =
  /^(?:[\w.,@+-]{0,12}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)$/
/** What reads as a web token may be as short: `eyJ.abcd`. Every other secret that shows by its shape is longer than 12 characters. */
const WEB_TOKEN_CHARS = 8

/** Whether a text is one word too short to be a secret, or a time: most texts in bodies are. No redactor changes it. */
export function isShortWordOrTime(text: string): boolean {
  return SHORT_WORD_OR_TIME.test(text) && (text.length < WEB_TOKEN_CHARS || !text.includes('eyJ'))
}
