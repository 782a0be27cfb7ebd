import type { RedactRules } from './redact-rules.js'

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
