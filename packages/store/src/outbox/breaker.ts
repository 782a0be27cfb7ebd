import type { StoreRecord } from '@fastify-scs/core/kit'
import type { Outbox, OutboxBatch } from './outbox.js'
import type { OutboxSegment } from './segment.js'

/** After what took no records nothing is tried for so long, so that a full disk does not cost each write a try, in milliseconds. */
export const OUTBOX_REST_MS = 1_000

/** An outbox that may be absent or fail: a failure is told to a listener, and the records stay where they were. */
export class OutboxBreaker {
  readonly #outbox: Outbox | undefined
  readonly #onFailure: (error: unknown) => void
  #restsUntilMs = 0

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

  /** Records of this process that only a file holds. */
  get unreadRecords(): number {
    return this.#outbox?.unreadRecords ?? 0
  }

  get bytes(): number {
    return this.#outbox?.bytes ?? 0
  }

  /** Whether files were taken over. */
  async adopt(): Promise<boolean> {
    try {
      return (await this.#outbox?.adopt()) === true
    } catch (error) {
      this.#onFailure(error)
      return false
    }
  }

  /** Whether it is worth a try to write: it has not just failed, and was not just full. */
  get isReady(): boolean {
    return this.#outbox !== undefined && performance.now() >= this.#restsUntilMs
  }

  /** Whether the last try failed: the next should have one record, as all that are tried are made text of. */
  get isDoubtful(): boolean {
    return this.#restsUntilMs > 0
  }

  /** Writes records, unless it has just failed to; undefined when they are not written. */
  append(records: readonly StoreRecord[], inMemory: boolean): OutboxSegment | undefined {
    return this.isReady ? this.appendNow(records, inMemory) : undefined
  }

  /** As `append`, but tries at any rate: there is no later. */
  appendNow(records: readonly StoreRecord[], inMemory: boolean): OutboxSegment | undefined {
    const segment = this.#try(() => this.#outbox?.append(records, inMemory))
    this.#restsUntilMs = segment === undefined ? performance.now() + OUTBOX_REST_MS : 0
    return segment
  }

  /** Writes a record once the outbox is closed; whether it is kept. Not tried for a while after it has failed. */
  appendLate(record: StoreRecord): boolean {
    if (!this.isReady) return false
    const isKept = this.#try(() => this.#outbox?.appendLate(record))
    this.#restsUntilMs = isKept === undefined ? performance.now() + OUTBOX_REST_MS : 0
    return isKept === true
  }

  read(maxRecords: number): OutboxBatch | undefined {
    return this.#try(() => this.#outbox?.read(maxRecords))
  }

  settle(segment: OutboxSegment): void {
    this.#try(() => this.#outbox?.settle(segment, 1))
  }

  /** Whether a file still holds what was written to it, for whoever comes next. */
  isInPlace(segment: OutboxSegment): boolean {
    return this.#try(() => segment.isInPlace()) === true
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
