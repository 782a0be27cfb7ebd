import { onProcessEnd } from '@fastify-scs/core/kit'

/** Lines of one kind that may follow each other at once. What a storm has beyond them is counted and told in one line. */
export const MAX_LINES_AT_ONCE = 10

/** How often one more line may be written, and what is counted is told, in milliseconds: also in a storm without end. */
const SECOND_MS = 1_000

/** How often each reporter was kept from a line. */
export type UntoldCounts = Readonly<Record<string, number>>

/**
 * Keeps a storm of losses from costing more than the errors themselves: a line with a whole report takes longer to write than
 * ten answers. The first lines of a storm are written, then one a second; the others are counted by reporter, and told
 * once a second, when the app closes, or when the process ends.
 */
export class LineBudget {
  readonly #log: object
  readonly #tell: (counts: UntoldCounts) => void
  readonly #untold = new Map<string, number>()
  #left = MAX_LINES_AT_ONCE
  /** Up to when what may be written again is counted in `#left`. */
  #countedMs = performance.now()
  #timer: NodeJS.Timeout | undefined
  #forget: (() => void) | undefined

  /** @param tell writes the line about what got none of its own */
  constructor(log: object, tell: (counts: UntoldCounts) => void) {
    this.#log = log
    this.#tell = tell
  }

  /** Whether a line about a reporter is to be written now; if not it is counted. */
  take(reporter: string): boolean {
    const seconds = Math.floor((performance.now() - this.#countedMs) / SECOND_MS)
    if (seconds > 0) {
      this.#left = Math.min(MAX_LINES_AT_ONCE, this.#left + seconds)
      this.#countedMs += seconds * SECOND_MS
    }
    if (this.#left > 0) {
      this.#left--
      return true
    }
    this.#untold.set(reporter, (this.#untold.get(reporter) ?? 0) + 1)
    if (this.#timer === undefined) this.#tellLater()
    return false
  }

  /** Tells what has not been told yet. */
  close(): void {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#forget?.()
    this.#forget = undefined
    const counts = Object.fromEntries(this.#untold)
    this.#untold.clear()
    this.#tell(counts)
  }

  #tellLater(): void {
    this.#timer = setTimeout(() => this.close(), SECOND_MS).unref()
    this.#forget = onProcessEnd(() => this.close(), this.#log)
  }
}
