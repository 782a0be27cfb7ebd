import type { FastifyBaseLogger } from 'fastify'
import { describeThrown } from './describe-thrown.js'
import type { Redactor } from './redact/redactor.js'

/** How often the functions that the application or other plugins gave to core have failed. */
export interface CallbackFailureCounts {
  readonly errorFormat: number
  readonly errorDecorator: number
  readonly user: number
  readonly auditListener: number
  readonly failureObserver: number
  readonly requestFact: number
}

/** Logs and counts failures of functions that core was given; none of them reaches a client. */
export class CallbackFailures {
  readonly #redactor: Redactor
  readonly #counts = {
    errorFormat: 0,
    errorDecorator: 0,
    user: 0,
    auditListener: 0,
    failureObserver: 0,
    requestFact: 0,
  }

  constructor(redactor: Redactor) {
    this.#redactor = redactor
  }

  /** Takes note of one failure; `consequence` says what happened instead. */
  note(
    callback: keyof CallbackFailureCounts,
    error: unknown,
    log: FastifyBaseLogger,
    consequence: string,
  ): void {
    this.#counts[callback]++
    const err = describeThrown(error, this.#redactor)
    log.error({ err, callback }, `the callback ${callback} failed; ${consequence}`)
  }

  counts(): CallbackFailureCounts {
    return { ...this.#counts }
  }
}
