import type { WorkBudget } from './work-budget.js'

/** The rules and the work budget of one call of a redactor, used by each of its parts. */
export interface RedactRules {
  /** The work that this call may still do. */
  readonly budget: WorkBudget
  readonly censor: string
  /** The censor, encoded for a URL or a form where that is needed. */
  readonly urlCensor: string
  /** The names whose values are kept unredacted; undefined when there are none. */
  readonly kept: KeptNames | undefined
  /** Whether a key names a secret, judged without its value. */
  isSensitiveKey(key: string): boolean
  isSensitiveHeader(name: string): boolean
  /** Whether a value is hidden, judged by its key, the value and the other keys of its holder. */
  hides(key: string, value: unknown, holder?: object): boolean
  /** Redacts a string that may hold JSON, a URL, a form or plain text; `nesting` is the number of strings that contain it. */
  string(text: string, nesting: number, maxBytes?: number): string
  /** Redacts the value of a header, 64 KiB at most. */
  header(text: string): string
}

/** Longest text, URL, form or document, in bytes of UTF-8; the rest is dropped. */
export const MAX_TEXT_BYTES = 1_048_576

/** Characters that a search (a regular expression, indexOf) skips for one unit of work. */
export const PASSED_OVER = 32

/** Percent-encoded characters that are decoded for one unit of work. */
export const DECODED = 4

/** Levels of strings within strings (JSON in a URL in JSON ...) that are redacted; deeper strings are dropped. */
export const MAX_NESTING = 5

/** Replaces a string that is nested too deep. */
export const TOO_DEEP = '[truncated: too deep]'

// Counting the bytes of a longer text would take longer than redacting it.
const COUNTED_MAX_CHARS = 4_194_304

/** Replaces a text that was dropped. The number is in bytes; for more than 4 Mi characters it is in characters. */
export function truncated(text: string): string {
  const bytes = text.length > COUNTED_MAX_CHARS ? text.length : Buffer.byteLength(text)
  return `[truncated: ${bytes} bytes]`
}

/** Replaces JSON that cannot be parsed, and so cannot be redacted. */
export function unparsable(text: string): string {
  return `[unparsable: ${Buffer.byteLength(text)} bytes]`
}

/** Whether a text is one of this package's own markers, which are not redacted. */
export function isMarker(text: string): boolean {
  return (
    text.length < 60 &&
    /^\[(?:truncated|unparsable|binary): (?:\d+ (?:bytes|items)|too deep)\]$/.test(text)
  )
}

/** Any value as a string; never throws. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  try {
    return value === undefined || value === null ? '' : String(value)
  } catch {
    // An object whose toString throws or that has none.
    return '[unreadable]'
  }
}

/** Splits a text at a limit in bytes, between two words if possible: what is kept, and the marker for the rest. */
export function splitAtLimit(text: string, maxBytes: number): { kept: string; marker: string } {
  if (text.length * 3 <= maxBytes) return { kept: text, marker: '' }
  if (text.length <= maxBytes && Buffer.byteLength(text) <= maxBytes)
    return { kept: text, marker: '' }
  // No character takes less than a byte.
  const start = text.slice(0, maxBytes)
  const { read } = new TextEncoder().encodeInto(start, new Uint8Array(maxBytes))
  const kept = text.slice(0, wordEnd(text, read))
  return { kept, marker: truncated(text.slice(kept.length)) }
}

/** Cuts a text that has no secrets to a limit in bytes. */
export function cutBetweenWords(text: string, maxBytes: number): string {
  const { kept, marker } = splitAtLimit(text, maxBytes)
  return kept + marker
}

// Half a token may no longer be recognised as one, so the word at the cut is dropped too.
function wordEnd(text: string, cut: number): number {
  for (let at = cut; at > 0 && at > cut - 8192; at -= 1) {
    if (/\s/.test(text.charAt(at))) return at
  }
  return cut
}

/** Longest text that is kept: ids and states that an application needs to read back are shorter. */
const MAX_CHARS = 8_192

/** The names whose values the application keeps unredacted, whatever the other rules say. */
export class KeptNames {
  readonly #keys: ReadonlySet<string>
  readonly #headers: ReadonlySet<string>

  constructor(names: readonly string[]) {
    this.#keys = new Set(names)
    this.#headers = new Set(names.map((name) => name.toLowerCase()))
  }

  /** Whether the value of a key is kept. An object or a list is not: each of its values is judged by its own key. */
  keeps(key: string, value: unknown): boolean {
    if (!this.#keys.has(key)) return false
    if (typeof value === 'string') return value.length <= MAX_CHARS
    return typeof value === 'boolean' || Number.isFinite(value)
  }

  keepsHeader(name: string): boolean {
    return this.#headers.has(name.toLowerCase())
  }
}
