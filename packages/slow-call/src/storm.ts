/** After so long without an occurrence the next one counts as the first again. */
export const QUIET_MS = 3_600_000

/** An occurrence that is to be reported. */
export interface Occurrence {
  /** Which one it is since the last quiet hour, from 1. */
  readonly number: number
  /** How many were counted but not reported since the last report. */
  readonly suppressed: number
}

/** Lets the 1st, 2nd, 4th, 8th ... occurrence through, and the first after a quiet hour. */
export class Storm {
  #number = 0
  #suppressed = 0
  #lastAt = 0

  /** Counts an occurrence; undefined when it is not to be reported. `atMs` is monotonic. */
  count(atMs: number): Occurrence | undefined {
    if (atMs - this.#lastAt >= QUIET_MS) this.#number = 0
    this.#lastAt = atMs
    this.#number++
    const isPowerOfTwo = Number.isInteger(Math.log2(this.#number))
    if (!isPowerOfTwo) {
      this.#suppressed++
      return undefined
    }
    const suppressed = this.#suppressed
    this.#suppressed = 0
    return { number: this.#number, suppressed }
  }
}
