import type { FastifyBaseLogger } from 'fastify'
import type { Delivery } from '../reporters/reporter.js'

/** One attempt to deliver a report, as its reporter sees it. */
export class Attempt implements Delivery {
  readonly attempt: number
  readonly log: FastifyBaseLogger
  readonly #error: unknown
  /** Made when somebody asks for the signal: most reporters never do, and it costs more than the rest of an attempt. */
  #controller: AbortController | undefined
  #timer: NodeJS.Timeout | undefined
  #abortReason: unknown
  #isAborted = false

  constructor(attempt: number, log: FastifyBaseLogger, error: unknown) {
    this.attempt = attempt
    this.log = log
    this.#error = error
  }

  // Not a field: a reporter that writes what it was given must not write what is not redacted.
  get error(): unknown {
    return this.#error
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#isAborted) this.#controller.abort(this.#abortReason)
    }
    return this.#controller.signal
  }

  /** Calls back when the time is over. */
  beginTimeout(timeoutMs: number, onTimeout: () => void): void {
    this.#timer = setTimeout(onTimeout, timeoutMs).unref()
  }

  /** Tells the reporter that nobody waits for it any more. */
  abort(reason?: unknown): void {
    this.#isAborted = true
    this.#abortReason = reason
    this.#controller?.abort(reason)
  }

  /** Lets go of the timer. */
  end(): void {
    clearTimeout(this.#timer)
  }
}
