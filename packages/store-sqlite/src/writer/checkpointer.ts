import { type MessagePort, Worker } from 'node:worker_threads'
import { ownThreadOptions } from '@fastify-scs/core/kit/plain'
import { chooseDriver } from '../driver/choose-driver.js'
import { CHECKPOINT_MS, type WorkerStart, type WorkerTask } from '../threads/protocol.js'
import { checkWorkerUrl } from '../threads/worker-url.js'

/** What the checkpointer's thread is started with. */
export interface CheckpointStart
  extends Pick<WorkerStart, 'path' | 'driver' | 'workerUrl' | 'counters'> {
  /** One number: whether the thread rests or works. */
  readonly state: Int32Array
}

/** A call to the checkpointer's thread. */
export type CheckpointCall = 'checkpoint' | 'close'

/** State of a thread that has nothing to do. */
export const RESTS = 0
/** State of a thread that was called and is not done yet. */
export const WORKS = 1

/**
 * Moves the log into the file in a thread of its own, which is started when it is first needed. That thread waits for the disk
 * while the writer goes on.
 */
export class Checkpointer {
  readonly #start: CheckpointStart
  #worker: Worker | undefined

  constructor({ path, driver, workerUrl, counters }: Omit<CheckpointStart, 'state'>) {
    const state = new Int32Array(new SharedArrayBuffer(4))
    this.#start = { path, driver, workerUrl, counters, state }
  }

  /** Asks for a checkpoint, unless one is under way. */
  ask(): void {
    this.#post('checkpoint')
  }

  /** Blocks this thread until no checkpoint is under way, for a time at most. */
  rest(ms: number): void {
    Atomics.wait(this.#start.state, 0, WORKS, ms)
  }

  /** Closes the file; waits for a time at most. */
  close(ms: number): void {
    if (this.#worker === undefined) return
    this.rest(ms)
    this.#post('close')
    this.rest(ms)
  }

  #post(call: CheckpointCall): void {
    if (Atomics.compareExchange(this.#start.state, 0, RESTS, WORKS) !== RESTS) return
    this.#worker ??= this.#startWorker()
    this.#worker.postMessage(call)
  }

  #startWorker(): Worker {
    const worker = new Worker(checkWorkerUrl(this.#start.workerUrl), {
      workerData: {
        role: 'checkpointer',
        start: this.#start,
      } satisfies WorkerTask<CheckpointStart>,
      ...ownThreadOptions('scs-store-sqlite-log'),
    })
    // The next call starts it again; until then the writer's own checkpoints are enough.
    const forget = () => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      Atomics.store(this.#start.state, 0, RESTS)
    }
    worker.on('error', forget)
    worker.on('exit', forget)
    worker.unref()
    return worker
  }
}

/** Opens the file, and moves its log into it on each call. */
export function startCheckpointer(
  port: MessagePort,
  { path, driver, counters, state }: CheckpointStart,
): void {
  const connection = chooseDriver(driver).open(path, { isReadOnly: false })
  connection.exec('PRAGMA synchronous = NORMAL')
  const checkpoint = connection.prepare('PRAGMA wal_checkpoint(PASSIVE)')
  let busyMs = 0
  port.on('message', (call: CheckpointCall) => {
    const begun = performance.now()
    try {
      if (call === 'checkpoint') checkpoint.get()
      else connection.close()
    } catch {
      // A full disk or another process: what was committed is safe in the log, and the next insert says what is wrong.
    }
    busyMs += performance.now() - begun
    Atomics.store(counters, CHECKPOINT_MS, Math.round(busyMs))
    if (call === 'close') port.close()
    Atomics.store(state, 0, RESTS)
    Atomics.notify(state, 0)
  })
}
