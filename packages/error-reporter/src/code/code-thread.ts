import { Worker } from 'node:worker_threads'
import { ownThreadOptions } from '@fastify-scs/core/kit'
import type { CodeAnswer, CodeRequest, CodeThreadStart, FoundCode } from './protocol.js'

/** The thread ends when nothing was asked for so long, in milliseconds. */
export const IDLE_MS = 30_000
/** A thread that has not answered for so long is ended, in milliseconds. */
export const STALLED_MS = 5_000
/** After a failure no other thread is started for so long, in milliseconds; it doubles with each further one. */
export const REST_MS = 10_000
/** The longest of these times, in milliseconds; after so long without a failure the next one is again the first. */
export const MAX_REST_MS = 600_000
/** Memory for JavaScript objects; a thread that needs more ends, and reports go without their lines. */
const MAX_HEAP_MB = 192

/** Told why a thread has failed. */
export type ThreadFailureListener = (error: unknown) => void

type Settle = (found: readonly FoundCode[] | undefined) => void

/** The thread that reads code: it is started by the first question, and ends when it is idle. */
export class CodeThread {
  readonly #url: URL
  readonly #start: CodeThreadStart
  readonly #onFailure: ThreadFailureListener
  readonly #waiting = new Map<number, Settle>()
  #worker: Worker | undefined
  #lastId = 0
  #restMs = REST_MS
  #failedAtMs = Number.NEGATIVE_INFINITY
  #isClosed = false
  #idleTimer: NodeJS.Timeout | undefined
  #stalledTimer: NodeJS.Timeout | undefined

  constructor(url: URL, start: CodeThreadStart, onFailure: ThreadFailureListener) {
    this.#url = url
    this.#start = start
    this.#onFailure = onFailure
  }

  /** Questions that are not answered. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** Whether a thread runs. */
  get isRunning(): boolean {
    return this.#worker !== undefined
  }

  /**
   * What the thread finds; undefined when it fails. An open question keeps the process alive: what is reported at the end of a program is
   * still to be delivered.
   */
  ask(question: Omit<CodeRequest, 'id'>): Promise<readonly FoundCode[] | undefined> {
    const worker = this.#running()
    if (worker === undefined) return Promise.resolve(undefined)
    const id = ++this.#lastId
    clearTimeout(this.#idleTimer)
    this.#stalledTimer ??= this.#watch()
    if (this.#waiting.size === 0) worker.ref()
    worker.postMessage({ id, ...question } satisfies CodeRequest)
    return new Promise((resolve) => this.#waiting.set(id, resolve))
  }

  /** Lets the process end although a question is open: nobody waits for its answer any more. */
  unref(): void {
    this.#worker?.unref()
  }

  /** Ends the thread; open questions stay without an answer. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#end()
  }

  #running(): Worker | undefined {
    if (this.#worker !== undefined) return this.#worker
    if (this.#isClosed || performance.now() < this.#failedAtMs + this.#restMs) return undefined
    try {
      this.#worker = this.#begin()
    } catch (error) {
      // Under Node's permission model a thread may be refused.
      this.#fail(error)
    }
    return this.#worker
  }

  #begin(): Worker {
    const worker = new Worker(this.#url, {
      workerData: this.#start,
      ...ownThreadOptions('scs-code'),
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    })
    worker.on('message', (answer: CodeAnswer) => this.#take(worker, answer))
    worker.on('error', (error) => this.#lose(worker, error))
    worker.on('exit', (code) => this.#lose(worker, new Error(`its thread ended with code ${code}`)))
    return worker
  }

  #take(worker: Worker, { id, found }: CodeAnswer): void {
    if (worker !== this.#worker) return
    clearTimeout(this.#stalledTimer)
    this.#stalledTimer = undefined
    this.#waiting.get(id)?.(found)
    this.#waiting.delete(id)
    if (this.#waiting.size > 0) {
      this.#stalledTimer = this.#watch()
      return
    }
    worker.unref()
    clearTimeout(this.#idleTimer)
    this.#idleTimer = setTimeout(() => void this.#end(), IDLE_MS).unref()
  }

  #watch(): NodeJS.Timeout {
    const stalled = (): void => {
      const worker = this.#worker
      if (worker === undefined || timer !== this.#stalledTimer) return
      this.#lose(worker, new Error(`it has not answered for ${STALLED_MS} ms`))
      void worker.terminate()
    }
    // What was answered while the event loop was blocked is taken right behind the timers.
    const timer = setTimeout(() => setImmediate(stalled), STALLED_MS).unref()
    return timer
  }

  #lose(worker: Worker, error: unknown): void {
    if (worker !== this.#worker) return
    this.#worker = undefined
    worker.unref()
    this.#fail(error)
  }

  #fail(error: unknown): void {
    const nowMs = performance.now()
    // What has failed once, such as a map that takes too much memory, fails again: seldom, then.
    const isNew = nowMs - this.#failedAtMs > this.#restMs + MAX_REST_MS
    this.#restMs = isNew ? REST_MS : Math.min(this.#restMs * 2, MAX_REST_MS)
    this.#failedAtMs = nowMs
    this.#settleAll()
    this.#onFailure(error)
  }

  #settleAll(): void {
    clearTimeout(this.#idleTimer)
    clearTimeout(this.#stalledTimer)
    this.#stalledTimer = undefined
    for (const settle of this.#waiting.values()) settle(undefined)
    this.#waiting.clear()
  }

  async #end(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    this.#settleAll()
    await worker?.terminate()
  }
}
