import { RecordRefusedError, type StoreRecord } from '@fastify-scs/store/adapter'
import { packed } from './packed-record.js'
import type { WriterCall } from './protocol.js'
import type { WorkerLine } from './worker-line.js'

/** Records that are copied for the worker at a time. */
const PART_RECORDS = 25

/**
 * A batch that is sent to the worker some records at a time: copying all of it at once would block this thread for half a
 * millisecond. Before another batch is sent, this one is finished, so that the order stays.
 */
export class PartedBatch {
  /** Settles with the worker's answer. */
  readonly answer: Promise<unknown>
  readonly #writer: WorkerLine<WriterCall>
  readonly #key: number
  readonly #batch: readonly StoreRecord[]
  #posted = 0
  #isFinished = false
  #resolve: (answer: unknown) => void = () => undefined
  #reject: (error: unknown) => void = () => undefined

  constructor(writer: WorkerLine<WriterCall>, key: number, batch: readonly StoreRecord[]) {
    this.#writer = writer
    this.#key = key
    this.#batch = batch
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** Sends a part, and another one in each turn of the event loop. */
  begin(): void {
    if (this.#isFinished) return
    if (this.#batch.length - this.#posted <= PART_RECORDS) {
      this.finish()
      return
    }
    try {
      const part = this.#batch.slice(this.#posted, this.#posted + PART_RECORDS).map(packed)
      this.#writer.post({ call: 'part', key: this.#key, batch: part })
      this.#posted += PART_RECORDS
      setImmediate(() => this.begin())
    } catch (error) {
      this.#isFinished = true
      this.#fail(error)
    }
  }

  /** Sends the rest at once. */
  finish(): void {
    if (this.#isFinished) return
    this.#isFinished = true
    const batch = this.#batch.slice(this.#posted).map(packed)
    const asked = this.#writer.ask({ call: 'insert', key: this.#key, batch }, 1)
    asked.then(this.#resolve, (error) => this.#fail(error))
  }

  #fail(error: unknown): void {
    // The worker must not keep the beginning of a batch whose rest cannot be copied; a record that it stores may be sent again.
    if (this.#posted > 0 && error instanceof RecordRefusedError)
      this.#writer.postBatch({ call: 'insert', key: this.#key, batch: [] })
    this.#reject(error)
  }
}
