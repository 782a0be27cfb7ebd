const MINUTE_MS = 60_000

/** Allows so many reports in any 60 seconds. */
export class RateLimit {
  /** When each of the allowed reports was made, in a ring. */
  readonly #times: number[] | undefined
  /** The place of the oldest time once the ring is full. */
  #next = 0

  /** @param maxPerMinute false for no limit */
  constructor(maxPerMinute: number | false) {
    this.#times =
      maxPerMinute === false
        ? undefined
        : new Array<number>(maxPerMinute).fill(Number.NEGATIVE_INFINITY)
  }

  /** Whether a report may be made now; it is counted then. */
  take(nowMs: number): boolean {
    if (this.#times === undefined) return true
    const sinceOldestMs = nowMs - (this.#times[this.#next] as number)
    // A clock that was set back must not stop the reports until it has caught up.
    if (sinceOldestMs >= 0 && sinceOldestMs < MINUTE_MS) return false
    this.count(nowMs)
    return true
  }

  /** Counts a report that is made whether it is allowed or not. */
  count(nowMs: number): void {
    if (this.#times === undefined) return
    this.#times[this.#next] = nowMs
    this.#next = (this.#next + 1) % this.#times.length
  }

  /** The report that was counted last was not made. */
  giveBack(): void {
    if (this.#times === undefined) return
    this.#next = (this.#next + this.#times.length - 1) % this.#times.length
    this.#times[this.#next] = Number.NEGATIVE_INFINITY
  }
}
