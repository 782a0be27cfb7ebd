import { onProcessEnd } from '@fastify-scs/core'

/** Lines of one kind that are written in a second; what comes beyond them is counted and told in one line. */
export const MAX_LINES_A_SECOND = 10

const SECOND_MS = 1_000

/** How often each reporter was kept from a line. */
export type UntoldCounts = Readonly<Record<string, number>>

/**
 * Keeps a storm of losses from costing more than the errors themselves: a line with a whole report takes longer to write than
 * an answer. The first lines of each second are written; the others are counted by reporter, and told once when the second is
 * over, when the app closes, or when the process ends.
 */
export class LineBudget {
  readonly #log: object
  readonly #tell: (counts: UntoldCounts) => void
  readonly #untold = new Map<string, number>()
  #beganMs = Number.NEGATIVE_INFINITY
  #written = 0
  #timer: NodeJS.Timeout | undefined
  #forget: (() => void) | undefined

  /** @param tell writes the line about what got none of its own */
  constructor(log: object, tell: (counts: UntoldCounts) => void) {
    this.#log = log
    this.#tell = tell
  }

  /** Whether a line about a reporter is to be written now; if not it is counted. */
  take(reporter: string): boolean {
    const nowMs = performance.now()
    if (nowMs - this.#beganMs >= SECOND_MS) {
      this.close()
      this.#beganMs = nowMs
      this.#written = 0
    }
    if (this.#written < MAX_LINES_A_SECOND) {
      this.#written++
      return true
    }
    this.#untold.set(reporter, (this.#untold.get(reporter) ?? 0) + 1)
    if (this.#timer === undefined) this.#tellLater(this.#beganMs + SECOND_MS - nowMs)
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

  #tellLater(waitMs: number): void {
    this.#timer = setTimeout(() => this.close(), waitMs).unref()
    this.#forget = onProcessEnd(() => this.close(), this.#log)
  }
}
