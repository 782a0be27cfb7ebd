import type { WorkBudget } from './work-budget.js'

/** What every part of a redactor works by, during one call. */
export interface RedactRules {
  /** What is left of the work that this call may do. */
  readonly budget: WorkBudget
  readonly censor: string
  /** The censor as it stands in a URL or a form. */
  readonly urlCensor: string
  /** The names whose values stay as they are; undefined for none. */
  readonly kept: KeptNames | undefined
  /** Whether a key names a secret, as far as one can tell without the value. */
  isSensitiveKey(key: string): boolean
  isSensitiveHeader(name: string): boolean
  /** Whether the value under a key is hidden, for the key itself or for those beside it in the holder. */
  hides(key: string, value: unknown, holder?: object): boolean
  /** Redacts a string that may hold JSON, a URL, a form or plain text; `nesting` counts the strings around it. */
  string(text: string, nesting: number, maxBytes?: number): string
  /** Redacts the value of a header, 64 KiB at most. */
  header(text: string): string
}

/** Bytes (UTF-8) of one text, URL, form or document; what is beyond is dropped. */
export const MAX_TEXT_BYTES = 1_048_576

/** Characters that are passed over, by a search for what needs a closer look, for one unit of work. */
export const PASSED_OVER = 32

/** Characters whose percent-escapes are decoded for one unit of work. */
export const DECODED = 4

/** Strings within strings (JSON in a URL in JSON ...) that are looked into; what is deeper is dropped. */
export const MAX_NESTING = 5

/** Stands for a string that is too deep within others. */
export const TOO_DEEP = '[truncated: too deep]'

// Counting the bytes of a longer text would take longer than all that is done with it.
const COUNTED_MAX_CHARS = 4_194_304

/** Stands for a text that was dropped as a whole. Beyond 4 Mi characters these are counted, and not bytes. */
export function truncated(text: string): string {
  const bytes = text.length > COUNTED_MAX_CHARS ? text.length : Buffer.byteLength(text)
  return `[truncated: ${bytes} bytes]`
}

/** Stands for JSON that cannot be read, and so cannot be redacted. */
export function unparsable(text: string): string {
  return `[unparsable: ${Buffer.byteLength(text)} bytes]`
}

/** Whether a text is a marker of this package, which stays as it is. */
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

/** The part of a text that a limit leaves, ending between two words if that is near, and the marker for the rest. */
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

/** A text without secrets, cut to a limit. */
export function cutBetweenWords(text: string, maxBytes: number): string {
  const { kept, marker } = splitAtLimit(text, maxBytes)
  return kept + marker
}

// Half a token may no longer look like one, so the word at the cut goes too.
function wordEnd(text: string, cut: number): number {
  for (let at = cut; at > 0 && at > cut - 8192; at -= 1) {
    if (/\s/.test(text.charAt(at))) return at
  }
  return cut
}

/** A longer text is no id or state that somebody needs to read back. */
const MAX_CHARS = 8_192

/** The names whose values the application wants to keep, in spite of what else is known of them. */
export class KeptNames {
  readonly #keys: ReadonlySet<string>
  readonly #headers: ReadonlySet<string>

  constructor(names: readonly string[]) {
    this.#keys = new Set(names)
    this.#headers = new Set(names.map((name) => name.toLowerCase()))
  }

  /** Whether the value under a key stays as it is; what is within an object is judged by its own name, or hidden with it. */
  keeps(key: string, value: unknown): boolean {
    if (!this.#keys.has(key)) return false
    if (typeof value === 'string') return value.length <= MAX_CHARS
    return typeof value === 'boolean' || Number.isFinite(value)
  }

  keepsHeader(name: string): boolean {
    return this.#headers.has(name.toLowerCase())
  }
}
