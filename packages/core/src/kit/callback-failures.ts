import type { FastifyBaseLogger } from 'fastify'
import { errorForLog } from '../log/redacted-error.js'
import type { Redactor } from '../redact/redactor.js'
import { refusePromise } from './unknown-value.js'

/** The functions of the application and of other plugins that core calls. */
export type CoreCallback =
  | 'errorFormat'
  | 'errorDecorator'
  | 'user'
  | 'auditListener'
  | 'failureObserver'
  | 'requestFact'
  | 'logger'
  | 'recordListener'

/** How often each of these functions has failed. */
export type CallbackFailureCounts = Readonly<Record<CoreCallback, number>>

/** Logs and counts the failures of functions that a plugin was given; none of them reaches a client. */
export class CallbackFailures<Name extends string> {
  readonly #redactor: Redactor
  readonly #counts: Record<Name, number>

  constructor(names: readonly Name[], redactor: Redactor) {
    this.#redactor = redactor
    this.#counts = Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>
  }

  /** Logs and counts one failure; `consequence` says what happened instead. */
  note(callback: Name, error: unknown, log: FastifyBaseLogger, consequence: string): void {
    this.#counts[callback]++
    const err = errorForLog(error, this.#redactor)
    try {
      log.error({ err, callback }, `the callback ${callback} failed; ${consequence}`)
    } catch {
      // The application's logger throws as well: the count is all that is left.
    }
  }

  /** Calls a synchronous function; returns `otherwise` when it throws or returns a promise, and notes that failure. */
  guard<Result>(
    callback: Name,
    call: () => Result,
    otherwise: Result,
    log: FastifyBaseLogger,
    consequence: string,
  ): Result {
    try {
      return refusePromise(call()) as Result
    } catch (error) {
      this.note(callback, error, log, consequence)
      return otherwise
    }
  }

  /** How often each function has failed. */
  counts(): Readonly<Record<Name, number>> {
    return { ...this.#counts }
  }
}

/** Makes the one that core uses. */
export function coreCallbackFailures(redactor: Redactor): CallbackFailures<CoreCallback> {
  const names = [
    'errorFormat',
    'errorDecorator',
    'user',
    'auditListener',
    'recordListener',
  ] as const
  return new CallbackFailures([...names, 'failureObserver', 'requestFact', 'logger'], redactor)
}
