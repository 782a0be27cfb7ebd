import { describeThrown, type Redactor } from '@fastify-scs/core'
import type { FastifyBaseLogger } from 'fastify'
import { PromiseRefusedError } from './errors.js'

/** The functions that the options take, and the building of a report itself. */
export type CallbackName = 'user' | 'ignore' | 'beforeReport' | 'fingerprint' | 'build'

/** Logs and counts failures of the functions of the options; none of them reaches a client. */
export class CallbackFailures {
  readonly #redactor: Redactor
  readonly #log: FastifyBaseLogger
  readonly #counts = { user: 0, ignore: 0, beforeReport: 0, fingerprint: 0, build: 0 }

  constructor(redactor: Redactor, log: FastifyBaseLogger) {
    this.#redactor = redactor
    this.#log = log
  }

  /** Calls a synchronous function; `otherwise` stands in when it throws or returns a promise. */
  guard<Result>(
    callback: CallbackName,
    call: () => Result,
    otherwise: Result,
    consequence: string,
  ): Result {
    try {
      const result = call()
      if (!(result instanceof Promise)) return result
      // Its rejection would end the process.
      result.catch(() => undefined)
      throw new PromiseRefusedError(callback)
    } catch (error) {
      this.#counts[callback]++
      const err = describeThrown(error, this.#redactor)
      this.#log.error({ err, callback }, `the callback ${callback} failed; ${consequence}`)
      return otherwise
    }
  }

  counts(): Record<CallbackName, number> {
    return { ...this.#counts }
  }
}
