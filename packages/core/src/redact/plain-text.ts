import { hasShape } from './shape-scan.js'

/** The HTTP authentication schemes before which credentials stand in a text, as alternatives of a pattern. */
export const SCHEMES = 'bearer|basic|token|negotiate|ntlm|apikey|dpop|ssws|geniekey|splunk'

// What makes a closer look worth it, wider than what is then looked for and quicker: words are sought backwards from a blank.
const INTERESTING = new RegExp(
  `[=:%\\\\\uff1a\uff1d]|[/<]/|eyJ|-(?:-|(?<=[\\s"']-)[a-z])|[ \\t](?<=\\b(?:${SCHEMES}|identified)[ \\t]|[ \\t](?=["'\`(]))`,
  'i',
)

const SHORT_CHARS = 1_000

/** Whether there is nothing in a text that needs a closer look. */
export function isPlain(text: string): boolean {
  return !INTERESTING.test(text) && !hasShape(text)
}

/** Whether a text is short, as most are, and there is nothing in it that needs a closer look. */
export function isShortPlain(text: string): boolean {
  return text.length <= SHORT_CHARS && isPlain(text)
}

/** Shorter than any secret that shows by its shape, and no key before a value; or a time. */
const SHORT_WORD_OR_TIME = /^(?:[\w.,@+-]{0,12}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[\d.+:Z-]{0,40})$/

/** Whether a text is one word too short to be a secret, or a time: most texts in bodies are. */
export function isShortWordOrTime(text: string): boolean {
  return SHORT_WORD_OR_TIME.test(text)
}
