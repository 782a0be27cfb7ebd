import { createHash } from 'node:crypto'

/** What tells one kind of error from another without its stack trace, which is expensive to read. */
export interface ErrorTraits {
  /** What an error goes by, else the type of the value. */
  readonly name: string
  /** Its code, or an empty string. */
  readonly code: string
  readonly message: string
  /** Where a connection failed to, and the errors and causes behind it, sorted. */
  readonly origins: readonly string[]
}

/** Frames of the application that count. */
const MAX_FRAMES = 5
const MAX_STACK_LINES = 50
const MAX_MESSAGE_CHARS = 512

// UUIDs, words of 16 characters or more with a digit in them (tokens, ULIDs), hashes, numbers: all have a digit.
const IDS =
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(?=[A-Za-z_]{0,64}\d)\w{16,}\b|\b(?=[a-f]{0,64}\d)[0-9a-f]{8,}\b|\d+/gi

/** A message without what differs from one occurrence to the next: ids, numbers, hashes. */
export function normalizeMessage(message: string): string {
  const text = message.length > MAX_MESSAGE_CHARS ? message.slice(0, MAX_MESSAGE_CHARS) : message
  // Most messages have no digit, and this look is ten times cheaper.
  return /\d/.test(text) ? text.replace(IDS, '#') : text
}

/**
 * Makes the fingerprint of an error from its name, code, normalised message and origins, and from the topmost frames of the
 * application. Without line numbers, so that a group outlives a release.
 */
export function fingerprintOf(
  kind: string,
  traits: ErrorTraits,
  stack: string | undefined,
  root: string,
): string {
  const { name, code, message, origins } = traits
  const frames = framesOf(stack ?? '', root)
  const parts = [kind, name, code, normalizeMessage(message), ...origins, ...frames]
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16)
}

/** The topmost frames of a stack trace that lie in the application, as `function file`; of any kind if none does. */
export function framesOf(stack: string, root: string): readonly string[] {
  const lines = stack.split('\n', MAX_STACK_LINES).filter((line) => /^\s+at /.test(line))
  const own = lines.filter((line) => !/node:|[\\/]node_modules[\\/]|<anonymous>\)?$/.test(line))
  return (own.length > 0 ? own : lines).slice(0, MAX_FRAMES).map((line) => frameOf(line, root))
}

function frameOf(line: string, root: string): string {
  const frame = line
    .trim()
    .slice('at '.length)
    .replace(/^async /, '')
    .replace(/:\d+:\d+(?=\)?$)/, '')
    .replace('file://', '')
  return frame.replace(root, '')
}

interface CachedFingerprint {
  readonly fingerprint: string
  readonly checkedMs: number
}

/**
 * Remembers the fingerprint of errors that look alike: same name, code, normalised message, origins and endpoint.
 *
 * Reading a stack trace costs more than all the rest of an error's answer, so in a storm it is read once a second for
 * each look, not for each error. Two errors that look alike and differ only in their stack are told apart whenever it
 * is read.
 */
export class FingerprintCache {
  readonly #maxSize: number
  readonly #maxAgeMs: number
  readonly #byLook = new Map<string, CachedFingerprint>()

  constructor(maxSize: number, maxAgeMs: number) {
    this.#maxSize = maxSize
    this.#maxAgeMs = maxAgeMs
  }

  get(look: string, nowMs: number): string | undefined {
    const cached = this.#byLook.get(look)
    if (cached === undefined) return undefined
    const ageMs = nowMs - cached.checkedMs
    return ageMs >= 0 && ageMs < this.#maxAgeMs ? cached.fingerprint : undefined
  }

  set(look: string, fingerprint: string, nowMs: number): void {
    // All at once: the fingerprints are made anew with the next errors.
    if (this.#byLook.size >= this.#maxSize && !this.#byLook.has(look)) this.#byLook.clear()
    this.#byLook.set(look, { fingerprint, checkedMs: nowMs })
  }
}
