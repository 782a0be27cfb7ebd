import { performance } from 'node:perf_hooks'

/** So far the two clocks of a process may be apart before the one that was set is believed, in microseconds. */
const MAX_APART = 50_000

/** Says when a record was changed, in microseconds since 1970; never the same twice, and never less than before. */
export class StampClock {
  #last = 0
  #origin = performance.timeOrigin * 1_000

  /** @param above Higher than this in any case: the highest stamp that the record has. */
  next(above: number = 0): number {
    const at = Math.round(this.#origin + performance.now() * 1_000)
    // A host that was suspended, or whose clock was set, goes on counting from where it was.
    const apart = Date.now() * 1_000 - at
    if (Math.abs(apart) > MAX_APART) this.#origin += apart
    const now = Math.abs(apart) > MAX_APART ? at + apart : at
    this.#last = Math.max(now, this.#last + 1, above + 1)
    return this.#last
  }
}
