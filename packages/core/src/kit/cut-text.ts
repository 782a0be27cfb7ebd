/** Parts of a character as people see it, looked at backwards from a cut: no emoji is longer in use. */
const MAX_CLUSTER_CHARS = 32
/** What belongs to the character before it: accents, variation selectors, skin tones, tags, and the joiner. */
const EXTENDS = /^(?:\p{M}|\u200D|[\u{1F3FB}-\u{1F3FF}\u{E0020}-\u{E007F}])/u
const JOINER = 0x200d

/**
 * Characters of a text that is read at all. A text that was put together of pieces, as a body of many chunks is, is joined by
 * V8 as soon as any character of it is asked for: 100 to 200 ms for 100 MB.
 */
export const MAX_READ_CHARS = 10_485_760

/** Bytes (UTF-8) of a text. Of one beyond `MAX_READ_CHARS` its characters, which is no more than that, unread. */
export function bytesOf(text: string): number {
  return text.length > MAX_READ_CHARS ? text.length : Buffer.byteLength(text)
}

/**
 * Cuts a text to a number of UTF-8 bytes, between two characters, and says how many bytes were dropped. Of a text beyond
 * `MAX_READ_CHARS` nothing is kept.
 */
export function cutText(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text
  if (text.length > MAX_READ_CHARS) return `[truncated: ${text.length} bytes]`
  const bytes = Buffer.byteLength(text)
  if (bytes <= maxBytes) return text
  const { read, written } = new TextEncoder().encodeInto(
    text,
    new Uint8Array(Math.max(0, maxBytes)),
  )
  return `${text.slice(0, read)}[truncated: ${bytes - written} bytes]`
}

/**
 * The beginning of a text: at most `maxChars` UTF-16 code units, never half a surrogate pair, and no part of a character
 * that people see as one (a flag, a family, an accented letter) unless that is longer than 32.
 */
export function beginningOf(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text
  const max = Math.max(0, Math.trunc(maxChars))
  const end = clusterStart(text, max)
  return text.slice(0, end > 0 ? end : pairStart(text, max))
}

/** A text of at most `maxChars` UTF-16 code units, `…` in place of what is cut, never within a character. */
export function shortened(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : `${beginningOf(text, maxChars - 1)}…`
}

/** The last index up to `at` that is between two characters as people see them. */
function clusterStart(text: string, at: number): number {
  const lowest = Math.max(0, at - MAX_CLUSTER_CHARS)
  let index = pairStart(text, at)
  while (index > lowest && isWithinCluster(text, index)) index = pairStart(text, index - 1)
  return index > lowest ? index : pairStart(text, at)
}

function isWithinCluster(text: string, at: number): boolean {
  // Two code units of Latin text, which is nearly every cut.
  if (text.charCodeAt(at) < 0x300) return false
  return (
    EXTENDS.test(text.slice(at, at + 2)) ||
    text.charCodeAt(at - 1) === JOINER ||
    isWithinFlag(text, at)
  )
}

/** A flag is two regional indicators, so the number of those before the cut decides. */
function isWithinFlag(text: string, at: number): boolean {
  if (!isIndicator(text, at)) return false
  let before = 0
  while (before < MAX_CLUSTER_CHARS && isIndicator(text, at - 2 * (before + 1))) before += 1
  return before % 2 === 1
}

function isIndicator(text: string, at: number): boolean {
  const code = at < 0 ? 0 : (text.codePointAt(at) ?? 0)
  return code >= 0x1f1e6 && code <= 0x1f1ff
}

/** The index itself, or the one before it where it is within a surrogate pair. */
function pairStart(text: string, at: number): number {
  const isWithinPair = isHalf(text, at, 0xdc00) && isHalf(text, at - 1, 0xd800)
  return isWithinPair ? at - 1 : at
}

function isHalf(text: string, at: number, first: number): boolean {
  const code = text.charCodeAt(at)
  return code >= first && code < first + 0x400
}
