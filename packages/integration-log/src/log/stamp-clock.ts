import { performance } from 'node:perf_hooks'

/** So far the two clocks of a process may be apart before the one that was set is believed, in microseconds. */
const MAX_APART = 50_000
/** A clock that was set back by more than this is believed, in microseconds. */
const MAX_BACK = 1_000_000

/** Says when a record was changed, in microseconds since 1970; never the same twice. */
export class StampClock {
  #last = 0
  #origin = performance.timeOrigin * 1_000

  /** @param above Higher than this in any case: the highest stamp that the record has. */
  next(above: number = 0): number {
    const now = this.#now()
    const isLater = now > this.#last || this.#last - now > MAX_BACK
    this.#last = isLater ? now : this.#last + 1
    return Math.max(this.#last, above + 1)
  }

  /** By the finer clock, which goes on counting from where it was when the host was suspended, or its clock was set. */
  #now(): number {
    const at = Math.round(this.#origin + performance.now() * 1_000)
    const apart = Date.now() * 1_000 - at
    if (Math.abs(apart) <= MAX_APART) return at
    this.#origin += apart
    return at + apart
  }
}
