import { Worker } from 'node:worker_threads'
import { ownThreadOptions } from '@fastify-scs/core/kit/plain'
import { RecordRefusedError, StoreUnavailableError } from '@fastify-scs/store/adapter'
import { ENGINE, fromWire } from '../failure.js'
import {
  type Answer,
  CHECKPOINT_MS,
  COUNTERS,
  FAILED,
  type Notice,
  REMOVED,
  type Request,
  STOP,
  THROUGH,
  type WorkerRole,
  type WorkerStart,
  type WorkerTask,
} from './protocol.js'
import { checkWorkerUrl } from './worker-url.js'

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** A worker that has opened its file, and the calls to it that are not answered yet. */
export class WorkerLine<Call> {
  readonly #worker: Worker
  readonly #counters: Int32Array
  readonly #onNotice: (notice: Notice) => void
  readonly #waiting = new Map<number, Waiting>()
  #lastId = 0
  /** Batches that were sent to the worker; its counter of those that are done follows this one. */
  #batches = 0
  #isGone = false
  #busyMs = 0

  private constructor(worker: Worker, counters: Int32Array, onNotice: (notice: Notice) => void) {
    this.#worker = worker
    this.#onNotice = onNotice
    this.#counters = counters
    worker.on('message', (answer: Answer) => this.#take(answer))
    // An answer that this thread cannot read; which call it was for is not known.
    worker.on('messageerror', (error) => this.#refuseAll(unreadError(error)))
    worker.on('error', (error) => this.#end(error))
    worker.on('exit', (code) => this.#end(new Error(`its thread ended with code ${code}`)))
  }

  /** Starts a worker and waits until it has opened its file. @throws the worker's coded error */
  static async start<Call>(
    role: WorkerRole,
    options: Omit<WorkerStart, 'counters'>,
    onNotice: (notice: Notice) => void,
  ): Promise<WorkerLine<Call>> {
    const file = checkWorkerUrl(options.workerUrl)
    const counters = new Int32Array(new SharedArrayBuffer(COUNTERS * Int32Array.BYTES_PER_ELEMENT))
    const workerData: WorkerTask<WorkerStart> = { role, start: { ...options, counters } }
    const worker = new Worker(file, { workerData, ...ownThreadOptions('scs-store-sqlite') })
    const line = new WorkerLine<Call>(worker, counters, onNotice)
    try {
      await new Promise((resolve, reject) => line.#waiting.set(0, { resolve, reject }))
    } catch (error) {
      await worker.terminate()
      throw error
    }
    worker.unref()
    return line
  }

  /** Whether the worker has ended; calls fail from then on. */
  get isGone(): boolean {
    return this.#isGone
  }

  /** How long the thread, and the one that checkpoints for it, have been at work, in milliseconds; of one that has ended, as far as was asked. */
  get busyMs(): number {
    const { active } = this.#worker.performance.eventLoopUtilization()
    this.#busyMs = Math.max(this.#busyMs, active)
    return this.#busyMs + Atomics.load(this.#counters, CHECKPOINT_MS)
  }

  /** The worker's thread. */
  get worker(): Worker {
    return this.#worker
  }

  /** Sends a call and waits for the answer, which keeps the process alive. `batches` is how many batches the call writes. */
  ask(call: Call, batches = 0): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#isGone) return reject(goneError(new Error('its thread has ended')))
      const id = ++this.#lastId
      this.#post({ id, call })
      this.#batches += batches
      if (this.#waiting.size === 0) this.#worker.ref()
      this.#waiting.set(id, { resolve, reject })
    })
  }

  /** Sends a call that needs no answer and is no batch. */
  post(call: Call): void {
    this.#post({ id: 0, call })
  }

  /** Sends a batch that needs no answer. */
  postBatch(call: Call): void {
    this.#post({ id: 0, call })
    this.#batches++
  }

  /** Batches that have failed so far. */
  get failedBatches(): number {
    return Atomics.load(this.#counters, FAILED)
  }

  /** Rows that were removed to make room since this was called last. */
  takeRemoved(): number {
    return Atomics.exchange(this.#counters, REMOVED, 0)
  }

  /** Blocks this thread until all batches are done; false when they are not done in time. */
  waitUntilThrough(deadlineMs: number): boolean {
    const end = performance.now() + deadlineMs
    for (;;) {
      const through = Atomics.load(this.#counters, THROUGH)
      if (through >= this.#batches) return true
      const leftMs = end - performance.now()
      if (leftMs <= 0) return false
      Atomics.wait(this.#counters, THROUGH, through, leftMs)
    }
  }

  /** Ends the worker's waiting for another process's lock; the call that waits fails. */
  stopWaiting(): void {
    Atomics.store(this.#counters, STOP, 1)
  }

  /** Waits for no answer of the worker any more; it ends with its last call. */
  leave(lastCall: Call): void {
    this.#end(new Error('it does not return from SQLite'))
    this.#post({ id: 0, call: lastCall })
  }

  /** Ends the worker, whatever it is doing. */
  async terminate(): Promise<void> {
    await this.#worker.terminate()
  }

  #post(request: Request<Call>): void {
    try {
      this.#worker.postMessage(request)
    } catch (error) {
      // A function or a symbol, which cannot be copied to another thread.
      throw new RecordRefusedError(ENGINE, (error as Error).message, { cause: error })
    }
  }

  #take({ ids, value, failure, notice }: Answer): void {
    if (notice !== undefined) this.#onNotice(notice)
    for (const id of ids) {
      const waiting = this.#waiting.get(id)
      if (waiting === undefined) continue
      this.#waiting.delete(id)
      if (failure === undefined) waiting.resolve(value)
      else waiting.reject(fromWire(failure))
    }
    if (this.#waiting.size === 0) this.#worker.unref()
  }

  #end(reason: Error): void {
    this.#isGone = true
    this.#refuseAll(goneError(reason))
  }

  #refuseAll(failure: Error): void {
    for (const { reject } of this.#waiting.values()) reject(failure)
    this.#waiting.clear()
    this.#worker.unref()
  }
}

function unreadError(reason: Error): Error {
  return new StoreUnavailableError(ENGINE, `an answer cannot be read: ${reason.message}`, {
    cause: reason,
  })
}

function goneError(reason: Error): Error {
  return new StoreUnavailableError(ENGINE, `the worker is gone: ${reason.message}`, {
    cause: reason,
  })
}
