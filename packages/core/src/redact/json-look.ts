const BLANKS = /[ \t\r\n]*/y
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON allows none of them in a string.
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y

/** A longer text costs more to look at than an exception. */
const LOOK_MAX_CHARS = 256

/**
 * Whether a text may be JSON. JSON.parse throws at one that is not, which takes microseconds; a short text is read here first,
 * so that a form of many malformed documents costs no more than any other.
 */
export function mayBeJson(text: string): boolean {
  if (text.length > LOOK_MAX_CHARS) return true
  const open: string[] = []
  let at = endOf(BLANKS, text, 0)
  for (;;) {
    const char = text.charAt(at)
    if (char === '{' || char === '[') {
      at = endOf(BLANKS, text, at + 1)
      const closing = char === '{' ? '}' : ']'
      if (text.charAt(at) !== closing) {
        open.push(closing)
        at = char === '{' ? afterKey(text, at) : at
        if (at === -1) return false
        continue
      }
      at += 1
    } else {
      const end = endOf(char === '"' ? STRING : SCALAR, text, at)
      if (end === at) return false
      at = end
    }
    at = endOf(BLANKS, text, at)
    while (open.length > 0 && text.charAt(at) === open.at(-1)) {
      open.pop()
      at = endOf(BLANKS, text, at + 1)
    }
    if (open.length === 0) return at === text.length
    if (text.charAt(at) !== ',') return false
    at = endOf(BLANKS, text, at + 1)
    if (open.at(-1) === '}') at = afterKey(text, at)
    if (at === -1) return false
  }
}

/** Where the value of a property starts whose key starts at an index; -1 if there is none. */
function afterKey(text: string, at: number): number {
  const end = endOf(STRING, text, at)
  if (end === at) return -1
  const colon = endOf(BLANKS, text, end)
  return text.charAt(colon) === ':' ? endOf(BLANKS, text, colon + 1) : -1
}

function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  return pattern.test(text) ? pattern.lastIndex : from
}

// Units of work of JSON.parse, measured: for a character, for a bracket, for a property whose key came before, for a new key.
const CHAR_UNITS = 1 / 64
const BRACKET_UNITS = 0.5
const PROPERTY_UNITS = 0.3
const NEW_KEY_UNITS = 8
const KEY = /"((?:[^"\\]|\\.){0,64})"\s{0,8}:/
const SAMPLE_CHARS = 256
const SAMPLES = 64
const SAMPLED_FROM_CHARS = 1024

/** What it costs to parse a text: most for documents of nothing but brackets, and for those whose keys are all different. */
export function parsingUnits(text: string): number {
  let brackets = 0
  let properties = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 58) properties += 1
    else if (code === 91 || code === 123) brackets += 1
  }
  return (
    text.length * CHAR_UNITS +
    brackets * BRACKET_UNITS +
    properties * (PROPERTY_UNITS + NEW_KEY_UNITS * newKeyShare(text, properties))
  )
}

/** The share of the keys that are new, by a sample. */
function newKeyShare(text: string, properties: number): number {
  if (properties < SAMPLES || text.length < SAMPLED_FROM_CHARS) return 0
  const keys = new Set<string>()
  const step = Math.floor(text.length / SAMPLES)
  let sampled = 0
  for (let at = 0; at < text.length; at += step) {
    const key = KEY.exec(text.slice(at, at + SAMPLE_CHARS))?.[1]
    if (key === undefined) continue
    sampled += 1
    keys.add(key)
  }
  return sampled === 0 ? 0 : keys.size / sampled
}
