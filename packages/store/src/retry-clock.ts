/** How long to wait between tries. */
export interface RetryLimits {
  /** Before the first new try, in milliseconds; doubles with each. */
  readonly retryMs: number
  /** Between two tries at most, in milliseconds. */
  readonly maxRetryMs: number
}

/** Calls for a new try after a while, and after a longer while each time until one succeeds. */
export class RetryClock {
  readonly #limits: RetryLimits
  readonly #tryAgain: () => void
  #timer: NodeJS.Timeout | undefined
  #nextMs: number

  constructor(limits: RetryLimits, tryAgain: () => void) {
    this.#limits = limits
    this.#tryAgain = tryAgain
    this.#nextMs = limits.retryMs
  }

  /** Calls back later, once. */
  schedule(): void {
    if (this.#timer !== undefined) return
    // Ten instances must not come back in the same moment.
    const delayMs = this.#nextMs * (0.75 + Math.random() / 2)
    this.#nextMs = Math.min(this.#nextMs * 2, this.#limits.maxRetryMs)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#tryAgain()
    }, delayMs).unref()
  }

  /** A try has succeeded. */
  reset(): void {
    this.#nextMs = this.#limits.retryMs
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
