import { AsyncResource } from 'node:async_hooks'
import { runAsOwnCall } from '@fastify-scs/core/kit'
import type { FastifyBaseLogger } from 'fastify'
import { ReporterTimeoutError } from '../errors.js'
import type { DeliveryOptions } from '../options.js'
import { type ErrorReporter, retryAdviceOf } from '../reporters/reporter.js'
import { Attempt } from './attempt.js'
import type { Parcel } from './outgoing-report.js'

/** What became of one reporter's reports. */
export interface LaneStats {
  /** The reporter's name. */
  readonly name: string
  readonly delivered: number
  /** Attempts that failed. */
  readonly failed: number
  /** Reports that went to the log instead. */
  readonly undelivered: number
  /** Reports that wait, for their first attempt or for a new one. */
  readonly queued: number
  /** Attempts that are under way. */
  readonly running: number
}

/** Who is told what happens in a lane. */
export interface LaneListener {
  onFailure(name: string, parcel: Parcel, attempt: number, error: unknown): void
  /** The report will not be delivered any more. */
  onUndelivered(name: string, parcel: Parcel, reason: string): void
}

interface Failure {
  readonly error: unknown
}

interface Thenable {
  readonly then?: unknown
}

interface Job {
  readonly parcel: Parcel
  attempts: number
}

/** The bounded queue of one reporter: what happens in it concerns no other reporter. */
export class DeliveryLane {
  readonly reporter: ErrorReporter
  readonly #limits: Required<DeliveryOptions>
  readonly #log: FastifyBaseLogger
  readonly #listener: LaneListener
  /** Reporters run in the context of the plugin's registration, not in that of a request. */
  readonly #context = new AsyncResource('ErrorReporter')
  readonly #waiting: Job[] = []
  readonly #resting = new Map<Job, NodeJS.Timeout>()
  readonly #running = new Map<Job, Attempt>()
  readonly #counts = { delivered: 0, failed: 0, undelivered: 0 }
  #idleCallbacks: (() => void)[] = []
  #isStarting = false
  #isClosing = false

  constructor(
    reporter: ErrorReporter,
    limits: Required<DeliveryOptions>,
    log: FastifyBaseLogger,
    listener: LaneListener,
  ) {
    this.reporter = reporter
    this.#limits = limits
    this.#log = log
    this.#listener = listener
  }

  /** Takes a report; the reporter is called later, never within this call. */
  push(parcel: Parcel): void {
    const isFull = this.#size >= this.#limits.maxQueued
    if (isFull || this.#isClosing) {
      this.#giveUp(parcel, isFull ? 'the queue is full' : 'the app has closed')
      return
    }
    this.#waiting.push({ parcel, attempts: 0 })
    if (this.#isStarting) return
    this.#isStarting = true
    setImmediate(() => {
      this.#isStarting = false
      this.#start()
    })
  }

  /** Resolves when nothing is left in the lane. */
  idle(): Promise<void> {
    if (this.#size === 0) return Promise.resolve()
    return new Promise((resolve) => this.#idleCallbacks.push(resolve))
  }

  /** Gives everything that is left one more attempt, without waiting times. */
  beginClosing(): void {
    this.#isClosing = true
    for (const [job, timer] of this.#resting) {
      clearTimeout(timer)
      this.#waiting.push(job)
    }
    this.#resting.clear()
    this.#start()
  }

  /** Gives up everything that is left, at once. */
  giveUpAll(reason: string): void {
    this.#endAll((parcel) => this.#giveUp(parcel, reason))
  }

  /** Delivers everything that is left before it returns, where the reporter can, and gives up the rest: the process ends. */
  endNow(reason: string): void {
    this.#endAll((parcel) => {
      if (!this.deliverNow(parcel)) this.#giveUp(parcel, reason)
    })
  }

  /** Delivers a report before it returns; false when the reporter cannot, or fails, which is logged. */
  deliverNow(parcel: Parcel): boolean {
    const { sync } = this.reporter
    if (sync === undefined) return false
    const { report } = parcel
    try {
      sync(report.title, parcel.messageFor(this.reporter), report, this.#log, parcel.error)
      this.#counts.delivered++
      return true
    } catch (error) {
      this.#counts.failed++
      this.#listener.onFailure(this.#name, parcel, 1, error)
      return false
    }
  }

  stats(): LaneStats {
    const queued = this.#waiting.length + this.#resting.size
    return { name: this.#name, ...this.#counts, queued, running: this.#running.size }
  }

  get #name(): string {
    return this.reporter.name === '' ? 'errorReporter' : this.reporter.name
  }

  get #size(): number {
    return this.#waiting.length + this.#resting.size + this.#running.size
  }

  #endAll(end: (parcel: Parcel) => void): void {
    this.#isClosing = true
    const left = [...this.#running.keys(), ...this.#resting.keys(), ...this.#waiting]
    for (const timer of this.#resting.values()) clearTimeout(timer)
    const attempts = [...this.#running.values()]
    this.#running.clear()
    this.#resting.clear()
    this.#waiting.length = 0
    for (const { parcel } of left) end(parcel)
    for (const attempt of attempts) {
      attempt.end()
      attempt.abort()
    }
    this.#tellIdle()
  }

  #start(): void {
    while (this.#running.size < this.#limits.concurrency) {
      const job = this.#waiting.shift()
      if (job === undefined) break
      this.#attempt(job)
    }
    this.#tellIdle()
  }

  #attempt(job: Job): void {
    const attempt = new Attempt(++job.attempts, this.#log, job.parcel.error)
    this.#running.set(job, attempt)
    try {
      const result = this.#call(job, attempt)
      // A reporter that is done when it returns needs neither a timer nor a promise.
      if (isThenable(result)) this.#await(job, attempt, Promise.resolve(result))
      else this.#end(job, attempt)
    } catch (error) {
      this.#end(job, attempt, { error })
    }
  }

  #await(job: Job, attempt: Attempt, result: Promise<unknown>): void {
    const { timeoutMs } = this.#limits
    const end = (failure?: Failure): void => {
      this.#end(job, attempt, failure)
      this.#start()
    }
    attempt.beginTimeout(timeoutMs, () => {
      const error = new ReporterTimeoutError(timeoutMs)
      attempt.abort(error)
      end({ error })
    })
    result.then(
      () => end(),
      (error: unknown) => end({ error }),
    )
  }

  #end(job: Job, attempt: Attempt, failure?: Failure): void {
    attempt.end()
    // It may have been given up or have timed out meanwhile: then it has been counted already.
    if (this.#running.get(job) !== attempt) return
    this.#running.delete(job)
    if (failure === undefined) this.#counts.delivered++
    else this.#fail(job, failure.error)
  }

  #call({ parcel }: Job, attempt: Attempt): unknown {
    const { report } = parcel
    const message = parcel.messageFor(this.reporter)
    return this.#context.runInAsyncScope(() =>
      runAsOwnCall(() => this.reporter(report.title, message, report, attempt)),
    )
  }

  #fail(job: Job, error: unknown): void {
    const { isFinal = false, retryAfterMs = 0 } = retryAdviceOf(error)
    this.#counts.failed++
    this.#listener.onFailure(this.#name, job.parcel, job.attempts, error)
    const reason = this.#reasonToGiveUp(job, isFinal)
    if (reason === undefined) this.#rest(job, retryAfterMs)
    else this.#giveUp(job.parcel, reason)
  }

  #reasonToGiveUp(job: Job, isFinal: boolean): string | undefined {
    if (isFinal) return 'the receiver refuses it'
    if (this.#isClosing) return 'the app closes'
    return job.attempts > this.#limits.retries ? 'every attempt has failed' : undefined
  }

  #rest(job: Job, atLeastMs: number): void {
    const { retryMs, maxRetryMs } = this.#limits
    const backoffMs = Math.max(retryMs * 2 ** (job.attempts - 1), atLeastMs)
    // Ten instances must not come back in the same moment.
    const delayMs = Math.min(backoffMs, maxRetryMs) * (0.75 + Math.random() / 2)
    const timer = setTimeout(() => {
      this.#resting.delete(job)
      this.#waiting.push(job)
      this.#start()
    }, delayMs).unref()
    this.#resting.set(job, timer)
  }

  #giveUp(parcel: Parcel, reason: string): void {
    this.#counts.undelivered++
    this.#listener.onUndelivered(this.#name, parcel, reason)
  }

  #tellIdle(): void {
    if (this.#size > 0) return
    const callbacks = this.#idleCallbacks
    this.#idleCallbacks = []
    for (const callback of callbacks) callback()
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as Thenable).then === 'function'
  )
}
