/** Texts that are remembered, and their length: a stack trace has some hundred to some thousand characters. */
const MAX_TEXTS = 32
const MIN_CHARS = 200
const MAX_CHARS = 16_384

/**
 * Wraps a function of texts so that it answers from memory when the same text comes again. In a storm of errors the same
 * stack trace does, and redacting it costs as much as half of a request.
 */
export function withRecentTexts(make: (text: string) => string): (text: string) => string {
  const recent = new Map<string, string>()
  return (text) => {
    if (text.length < MIN_CHARS || text.length > MAX_CHARS) return make(text)
    let made = recent.get(text)
    if (made === undefined) {
      made = make(text)
      const [oldest] = recent.keys()
      if (recent.size >= MAX_TEXTS && oldest !== undefined) recent.delete(oldest)
      recent.set(text, made)
    }
    return made
  }
}
