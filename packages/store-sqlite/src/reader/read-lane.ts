import { QueryTimeoutError, StoreUnavailableError } from '@fastify-scs/store/adapter'
import { ENGINE } from '../failure.js'
import type { ReaderCall } from '../threads/protocol.js'
import type { WorkerLine } from '../threads/worker-line.js'
import type { WorkerSlot } from '../threads/worker-slot.js'

/** How long a thread may take to end a read itself once its time is over, in milliseconds. */
const GRACE_MS = 500
/** Threads that were left alone and have not ended; with so many of them reads fail at once. */
const MAX_LEFT = 3

/**
 * One read after the other in one thread. A thread that does not end a read whose time is over, such as one that waits for the
 * disk or sorts, is left alone, and ends once SQLite has returned; the next read starts another one.
 */
export class ReadLane {
  readonly #slot: WorkerSlot<ReaderCall>
  readonly #queryTimeoutMs: number
  #last: Promise<unknown> = Promise.resolve()
  #left = 0

  constructor(slot: WorkerSlot<ReaderCall>, queryTimeoutMs: number) {
    this.#slot = slot
    this.#queryTimeoutMs = queryTimeoutMs
  }

  /** @throws QueryTimeoutError, and the thread's coded errors */
  ask(call: ReaderCall): Promise<unknown> {
    const answer = this.#last.then(() => this.#askNow(call))
    this.#last = answer.catch(() => undefined)
    return answer
  }

  async #askNow(call: ReaderCall): Promise<unknown> {
    if (this.#left >= MAX_LEFT)
      throw new StoreUnavailableError(ENGINE, `${MAX_LEFT} reads whose time is over do not end`)
    const line = await this.#slot.line()
    return new Promise((resolve, reject) => {
      const guard = this.#guard(line, reject)
      line
        .ask(call)
        .then(resolve, reject)
        .finally(() => guard.abort())
    })
  }

  #guard(line: WorkerLine<ReaderCall>, reject: (error: Error) => void): AbortController {
    const guard = new AbortController()
    // In two steps: where this thread was held up, an answer that has arrived is taken between them.
    const first = setTimeout(() => {
      const second = setTimeout(() => {
        reject(new QueryTimeoutError(ENGINE, this.#queryTimeoutMs))
        this.#left++
        line.worker.once('exit', () => this.#left--)
        this.#slot.abandon(line, { call: 'close' })
      }, GRACE_MS).unref()
      guard.signal.addEventListener('abort', () => clearTimeout(second))
    }, this.#queryTimeoutMs).unref()
    guard.signal.addEventListener('abort', () => clearTimeout(first))
    return guard
  }
}
