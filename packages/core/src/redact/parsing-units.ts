// Units of work of JSON.parse, measured: for a character, for a bracket, for a property whose key came before, for a new key.
const CHAR_UNITS = 1 / 64
const BRACKET_UNITS = 0.5
const PROPERTY_UNITS = 0.3
const NEW_KEY_UNITS = 8
const KEY = /"((?:[^"\\]|\\.){0,64})"\s{0,8}:/
const SAMPLE_CHARS = 256
const SAMPLES = 64
const SAMPLED_FROM_CHARS = 1024
// A shorter text costs too little to be counted character by character.
const COUNTED_FROM_CHARS = 1024
const SHORT_CHAR_UNITS = 1 / 8

/** What it costs to parse a text: most for documents of nothing but brackets, and for those whose keys are all different. */
export function parsingUnits(text: string): number {
  if (text.length < COUNTED_FROM_CHARS) return text.length * SHORT_CHAR_UNITS
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
