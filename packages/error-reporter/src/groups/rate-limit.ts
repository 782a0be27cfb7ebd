const MINUTE_MS = 60_000

/** Allows so many calls in any 60 seconds. */
export class CallBudget {
  readonly #times: number[] | undefined
  /** Where the oldest time stands once all places are taken. */
  #next = 0

  /** @param maxPerMinute false for no limit */
  constructor(maxPerMinute: number | false) {
    this.#times =
      maxPerMinute === false
        ? undefined
        : new Array<number>(maxPerMinute).fill(Number.NEGATIVE_INFINITY)
  }

  /** Takes one call; false when there is none left. */
  take(nowMs: number): boolean {
    if (this.#times === undefined) return true
    const sinceOldestMs = nowMs - (this.#times[this.#next] as number)
    // A clock that was set back must not stop the calls until it has caught up.
    if (sinceOldestMs >= 0 && sinceOldestMs < MINUTE_MS) return false
    this.#times[this.#next] = nowMs
    this.#next = (this.#next + 1) % this.#times.length
    return true
  }

  /** Gives the call that was taken last back. */
  giveBack(): void {
    if (this.#times === undefined) return
    this.#next = (this.#next + this.#times.length - 1) % this.#times.length
    this.#times[this.#next] = Number.NEGATIVE_INFINITY
  }
}
