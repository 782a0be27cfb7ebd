import { backoffMs } from '@fastify-scs/core/kit'
import type { FastifyBaseLogger } from 'fastify'
import type { DeliveryLimits } from '../options.js'
import { type ErrorReporter, retryAdviceOf } from '../reporters/reporter.js'
import { Attempt, type AttemptFailure, ReporterCall } from './attempt.js'
import type { OutgoingReport } from './outgoing-report.js'

/** What became of one reporter's reports. */
export interface QueueStats {
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

/** Told of what goes wrong in a queue. */
export interface QueueListener {
  onFailure(reporter: string, outgoing: OutgoingReport, attempt: number, error: unknown): void
  /** The report will not be delivered any more. */
  onUndelivered(reporter: string, outgoing: OutgoingReport, reason: string): void
}

interface QueuedReport {
  readonly outgoing: OutgoingReport
  attempts: number
}

const NEW = { isNew: true } as const

/** The bounded queue of one reporter; it neither waits for another reporter nor fills another one's queue. */
export class ReporterQueue {
  readonly #reporter: ErrorReporter
  readonly #call: ReporterCall
  readonly #limits: DeliveryLimits
  readonly #log: FastifyBaseLogger
  readonly #listener: QueueListener
  readonly #waiting: QueuedReport[] = []
  /** Those whose last attempt failed, until the next one. */
  readonly #backingOff = new Map<QueuedReport, NodeJS.Timeout>()
  readonly #running = new Map<QueuedReport, Attempt>()
  readonly #counts = { delivered: 0, failed: 0, undelivered: 0 }
  #idleCallbacks: (() => void)[] = []
  #isStarting = false
  #isClosing = false

  constructor(
    reporter: ErrorReporter,
    limits: DeliveryLimits,
    log: FastifyBaseLogger,
    listener: QueueListener,
  ) {
    this.#reporter = reporter
    this.#call = new ReporterCall(reporter)
    this.#limits = limits
    this.#log = log
    this.#listener = listener
  }

  /** Takes a report; the reporter is called later, never within this call. */
  push(outgoing: OutgoingReport): void {
    const isFull = this.#size >= this.#limits.maxQueued
    if (isFull || this.#isClosing) {
      this.#giveUp(outgoing, isFull ? 'the queue is full' : 'the app has closed')
      return
    }
    this.#waiting.push({ outgoing, attempts: 0 })
    if (this.#isStarting) return
    this.#isStarting = true
    setImmediate(() => {
      this.#isStarting = false
      this.#start()
    })
  }

  /** Resolves when the queue is empty and no attempt is under way. */
  idle(): Promise<void> {
    if (this.#size === 0) return Promise.resolve()
    return new Promise((resolve) => this.#idleCallbacks.push(resolve))
  }

  /** Gives everything that is left one more attempt, without waiting times. */
  beginClosing(): void {
    this.#isClosing = true
    for (const [queued, timer] of this.#backingOff) {
      clearTimeout(timer)
      this.#waiting.push(queued)
    }
    this.#backingOff.clear()
    this.#start()
  }

  /** Gives up everything that is left, at once. */
  giveUpAll(reason: string): void {
    this.#endAll((outgoing) => this.#giveUp(outgoing, reason))
  }

  /** Delivers everything that is left before it returns, where the reporter can, and gives up the rest: the process ends. */
  endNow(reason: string): void {
    this.#endAll((outgoing) => {
      if (!this.deliverNow(outgoing)) this.#giveUp(outgoing, reason)
    })
  }

  /**
   * Delivers a report before it returns; false when the reporter cannot, or fails, which is logged.
   *
   * @param isNew false for a newer version of one that was delivered
   */
  deliverNow(outgoing: OutgoingReport, { isNew }: { readonly isNew: boolean } = NEW): boolean {
    const { sync } = this.#reporter
    if (sync === undefined) return false
    const { report, error } = outgoing
    try {
      sync(report.title, outgoing.messageFor(this.#reporter), report, this.#log, error)
      if (isNew) this.#counts.delivered++
      return true
    } catch (failure) {
      this.#counts.failed++
      this.#listener.onFailure(this.#name, outgoing, 1, failure)
      return false
    }
  }

  stats(): QueueStats {
    const queued = this.#waiting.length + this.#backingOff.size
    return { name: this.#name, ...this.#counts, queued, running: this.#running.size }
  }

  get #name(): string {
    return this.#reporter.name === '' ? 'errorReporter' : this.#reporter.name
  }

  get #size(): number {
    return this.#waiting.length + this.#backingOff.size + this.#running.size
  }

  #endAll(end: (outgoing: OutgoingReport) => void): void {
    this.#isClosing = true
    const left = [...this.#running.keys(), ...this.#backingOff.keys(), ...this.#waiting]
    for (const timer of this.#backingOff.values()) clearTimeout(timer)
    const attempts = [...this.#running.values()]
    this.#running.clear()
    this.#backingOff.clear()
    this.#waiting.length = 0
    for (const { outgoing } of left) end(outgoing)
    for (const attempt of attempts) attempt.cancel()
    this.#callBackIfIdle()
  }

  #start(): void {
    while (this.#running.size < this.#limits.concurrency) {
      const queued = this.#waiting.shift()
      if (queued === undefined) break
      this.#attempt(queued)
    }
    this.#callBackIfIdle()
  }

  #attempt(queued: QueuedReport): void {
    const attempt = new Attempt(++queued.attempts, this.#log, queued.outgoing)
    this.#running.set(queued, attempt)
    let isWithinCall = true
    attempt.run(this.#call, this.#limits.timeoutMs, (failure) => {
      this.#settle(queued, failure)
      // Within the call the loop that has made the attempt goes on by itself.
      if (!isWithinCall) this.#start()
    })
    isWithinCall = false
  }

  #settle(queued: QueuedReport, failure: AttemptFailure | undefined): void {
    this.#running.delete(queued)
    if (failure === undefined) this.#counts.delivered++
    else this.#fail(queued, failure.error)
  }

  #fail(queued: QueuedReport, error: unknown): void {
    const { isFinal = false, retryAfterMs = 0 } = retryAdviceOf(error)
    this.#counts.failed++
    this.#listener.onFailure(this.#name, queued.outgoing, queued.attempts, error)
    const reason = this.#reasonToGiveUp(queued, isFinal)
    if (reason === undefined) this.#retryLater(queued, retryAfterMs)
    else this.#giveUp(queued.outgoing, reason)
  }

  #reasonToGiveUp({ attempts }: QueuedReport, isFinal: boolean): string | undefined {
    if (isFinal) return 'the receiver refuses it'
    if (this.#isClosing) return 'the app closes'
    return attempts > this.#limits.retries ? 'every attempt has failed' : undefined
  }

  #retryLater(queued: QueuedReport, retryAfterMs: number): void {
    const atLeastMs = Math.min(retryAfterMs, this.#limits.maxRetryMs)
    const waitMs = Math.max(atLeastMs, backoffMs(queued.attempts, this.#limits))
    const timer = setTimeout(() => {
      this.#backingOff.delete(queued)
      this.#waiting.push(queued)
      this.#start()
    }, waitMs).unref()
    this.#backingOff.set(queued, timer)
  }

  #giveUp(outgoing: OutgoingReport, reason: string): void {
    this.#counts.undelivered++
    this.#listener.onUndelivered(this.#name, outgoing, reason)
  }

  #callBackIfIdle(): void {
    if (this.#size > 0) return
    const callbacks = this.#idleCallbacks
    this.#idleCallbacks = []
    for (const callback of callbacks) callback()
  }
}
