import { AsyncResource } from 'node:async_hooks'
import { runAsOwnCall } from '@fastify-scs/core'
import type { FastifyBaseLogger } from 'fastify'
import { ReporterTimeoutError } from '../errors.js'
import type { DeliveryOptions } from '../options.js'
import type { CrashReport } from '../report/crash-report.js'
import { type ErrorReporter, retryAdviceOf } from '../reporter.js'

/** A report on its way. */
export interface Parcel {
  readonly report: CrashReport
  /** The report as text for people. */
  readonly message: string
}

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
  readonly #running = new Map<Job, AbortController>()
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
    this.#isClosing = true
    const left = [...this.#running.keys(), ...this.#resting.keys(), ...this.#waiting]
    for (const timer of this.#resting.values()) clearTimeout(timer)
    const controllers = [...this.#running.values()]
    this.#running.clear()
    this.#resting.clear()
    this.#waiting.length = 0
    for (const { parcel } of left) this.#giveUp(parcel, reason)
    for (const controller of controllers) controller.abort()
    this.#tellIdle()
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

  #start(): void {
    while (this.#running.size < this.#limits.concurrency) {
      const job = this.#waiting.shift()
      if (job === undefined) break
      void this.#attempt(job)
    }
    this.#tellIdle()
  }

  async #attempt(job: Job): Promise<void> {
    const controller = new AbortController()
    const { signal } = controller
    const { timeoutMs } = this.#limits
    this.#running.set(job, controller)
    job.attempts++
    const timer = setTimeout(
      () => controller.abort(new ReporterTimeoutError(timeoutMs)),
      timeoutMs,
    ).unref()
    try {
      await Promise.race([this.#call(job, signal), rejectionOf(signal)])
      if (this.#running.delete(job)) this.#counts.delivered++
    } catch (error) {
      // Given up meanwhile: it has been counted already.
      if (this.#running.delete(job)) this.#fail(job, error)
    } finally {
      clearTimeout(timer)
      this.#start()
    }
  }

  async #call({ parcel, attempts: attempt }: Job, signal: AbortSignal): Promise<void> {
    const { report, message } = parcel
    const delivery = { signal, attempt, log: this.#log }
    await this.#context.runInAsyncScope(() =>
      runAsOwnCall(() => this.reporter(report.title, message, report, delivery)),
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

function rejectionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
