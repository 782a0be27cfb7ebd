import { AsyncResource } from 'node:async_hooks'
import { isThenable, runAsOwnCall } from '@fastify-scs/core/kit'
import type { FastifyBaseLogger } from 'fastify'
import { ReporterTimeoutError } from '../errors.js'
import type { Delivery, ErrorReporter } from '../reporters/reporter.js'
import type { OutgoingReport } from './outgoing-report.js'

/** How an attempt has failed. */
export interface AttemptFailure {
  readonly error: unknown
}

/** Called once when an attempt has ended; without a failure the report is delivered. */
export type AttemptListener = (failure?: AttemptFailure) => void

/** Calls one reporter, outside of the context of any request, and as a call of our own, which is not logged as the application's. */
export class ReporterCall {
  readonly #reporter: ErrorReporter
  readonly #context = new AsyncResource('ErrorReporter')

  constructor(reporter: ErrorReporter) {
    this.#reporter = reporter
  }

  /** What the reporter returns. @throws what the reporter throws */
  call(outgoing: OutgoingReport, delivery: Delivery): unknown {
    const { report } = outgoing
    const message = outgoing.messageFor(this.#reporter)
    return this.#context.runInAsyncScope(() =>
      runAsOwnCall(() => this.#reporter(report.title, message, report, delivery)),
    )
  }
}

/** One attempt to deliver a report, as its reporter sees it. */
export class Attempt implements Delivery {
  readonly attempt: number
  readonly log: FastifyBaseLogger
  readonly #outgoing: OutgoingReport
  /** Made when the reporter asks for the signal: most never do, and it costs more than the rest of an attempt. */
  #controller: AbortController | undefined
  #timer: NodeJS.Timeout | undefined
  #abortReason: unknown
  #isAborted = false
  #hasEnded = false

  constructor(attempt: number, log: FastifyBaseLogger, outgoing: OutgoingReport) {
    this.attempt = attempt
    this.log = log
    this.#outgoing = outgoing
  }

  // A getter, so that a reporter that writes what it was given does not write what is not redacted.
  get error(): unknown {
    return this.#outgoing.error
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#isAborted) this.#controller.abort(this.#abortReason)
    }
    return this.#controller.signal
  }

  /** Calls the reporter and tells the listener once how it ended; within this call for a reporter that returns no promise. */
  run(reporter: ReporterCall, timeoutMs: number, onEnd: AttemptListener): void {
    let result: unknown
    let isPending: boolean
    try {
      result = reporter.call(this.#outgoing, this)
      isPending = isThenable(result)
    } catch (error) {
      this.#end(onEnd, { error })
      return
    }
    // A reporter that is done when it returns needs neither a timer nor a promise.
    if (!isPending) {
      this.#end(onEnd)
      return
    }
    this.#timer = setTimeout(() => {
      const error = new ReporterTimeoutError(timeoutMs)
      this.#abort(error)
      this.#end(onEnd, { error })
    }, timeoutMs).unref()
    Promise.resolve(result).then(
      () => this.#end(onEnd),
      (error: unknown) => this.#end(onEnd, { error }),
    )
  }

  /** Nobody waits for the attempt any more: its signal is aborted, and its listener is not called. */
  cancel(): void {
    this.#hasEnded = true
    clearTimeout(this.#timer)
    this.#abort(undefined)
  }

  #end(onEnd: AttemptListener, failure?: AttemptFailure): void {
    clearTimeout(this.#timer)
    // It may have timed out or been cancelled before.
    if (this.#hasEnded) return
    this.#hasEnded = true
    onEnd(failure)
  }

  #abort(reason: unknown): void {
    this.#isAborted = true
    this.#abortReason = reason
    this.#controller?.abort(reason)
  }
}
