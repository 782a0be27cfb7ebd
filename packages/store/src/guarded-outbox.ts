import type { Outbox, OutboxBatch } from './outbox.js'
import type { OutboxSegment } from './outbox-segment.js'
import type { StoreRecord } from './record.js'

/** An outbox that may be absent or fail: a failure is told to a listener, and the records stay where they were. */
export class GuardedOutbox {
  readonly #outbox: Outbox | undefined
  readonly #onFailure: (error: unknown) => void

  constructor(outbox: Outbox | undefined, onFailure: (error: unknown) => void) {
    this.#outbox = outbox
    this.#onFailure = onFailure
  }

  get exists(): boolean {
    return this.#outbox !== undefined
  }

  get hasUnread(): boolean {
    return this.#outbox?.hasUnread === true
  }

  get bytes(): number {
    return this.#outbox?.bytes ?? 0
  }

  adopt(): void {
    this.#try(() => this.#outbox?.adopt())
  }

  append(records: readonly StoreRecord[], inMemory: boolean): OutboxSegment | undefined {
    return this.#try(() => this.#outbox?.append(records, inMemory))
  }

  read(maxRecords: number): OutboxBatch | undefined {
    return this.#try(() => this.#outbox?.read(maxRecords))
  }

  settle(segment: OutboxSegment): void {
    this.#try(() => this.#outbox?.settle(segment, 1))
  }

  tidy(): void {
    this.#try(() => this.#outbox?.tidy())
  }

  touch(): void {
    this.#try(() => this.#outbox?.touch())
  }

  close(): void {
    this.#try(() => this.#outbox?.close())
  }

  #try<Result>(call: () => Result): Result | undefined {
    try {
      return call()
    } catch (error) {
      this.#onFailure(error)
      return undefined
    }
  }
}
