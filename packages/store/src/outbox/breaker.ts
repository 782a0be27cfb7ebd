import type { StoreRecord } from '@fastify-scs/core/kit'
import type { Outbox, OutboxBatch } from './outbox.js'
import type { OutboxSegment } from './segment.js'

/** Time without an attempt after one that failed, in milliseconds, so that a full disk does not slow each write down. */
export const OUTBOX_REST_MS = 1_000

/** An outbox that may be missing or fail: a failure goes to a listener, the records stay where they are, and for a second nothing is tried. */
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

  /** Records of this process that are only in a file. */
  get unreadRecords(): number {
    return this.#outbox?.unreadRecords ?? 0
  }

  get bytes(): number {
    return this.#outbox?.bytes ?? 0
  }

  /** Takes over the files of processes that are gone; whether there were any. */
  async adopt(): Promise<boolean> {
    try {
      return (await this.#outbox?.adopt()) === true
    } catch (error) {
      this.#onFailure(error)
      return false
    }
  }

  /** Whether writing may be tried: it has not failed within the last second. */
  get isReady(): boolean {
    return this.#outbox !== undefined && performance.now() >= this.#restsUntilMs
  }

  /** Whether the last attempt failed: the next one should have a single record, since each record of an attempt is made text. */
  get isDoubtful(): boolean {
    return this.#restsUntilMs > 0
  }

  /** Writes records, unless it failed within the last second; undefined when they are not written. */
  append(records: readonly StoreRecord[], inMemory: boolean): OutboxSegment | undefined {
    return this.isReady ? this.appendNow(records, inMemory) : undefined
  }

  /** As `append`, but always tries, since there is no later. */
  appendNow(records: readonly StoreRecord[], inMemory: boolean): OutboxSegment | undefined {
    const segment = this.#try(() => this.#outbox?.append(records, inMemory))
    this.#restsUntilMs = segment === undefined ? performance.now() + OUTBOX_REST_MS : 0
    return segment
  }

  /** Writes a record once the outbox is closed; whether it is kept. Not tried for a second after it failed. */
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

  /** Whether a file is still in its place, for the process that takes it over. */
  isInPlace(segment: OutboxSegment): boolean {
    return this.#try(() => segment.isInPlace()) === true
  }

  tidy(): void {
    this.#try(() => this.#outbox?.tidy())
  }

  turn(): void {
    this.#try(() => this.#outbox?.turn())
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
