import type { StoreRecord } from '@fastify-scs/core/kit'
import type { OutboxBreaker } from '../outbox/breaker.js'
import type { MutableWriteCounts } from '../writer/write-counts.js'
import { newEntry, type QueuedRecord } from './queued-record.js'
import { WaitingRecords } from './record-queue.js'

/** How much may wait, and when it is sent. */
export interface BacklogLimits {
  readonly batchRecords: number
  readonly flushMs: number
  readonly maxQueuedRecords: number
  readonly maxQueuedBytes: number
  readonly durability: 'default' | 'process'
}

/** Bytes of one batch, after its first record. */
const BATCH_BYTES = 4_194_304
/** The share of the limits at which records go to the outbox, while the adapter is not available. */
const SPILL_AT = 0.5
/** Batches that go to the outbox on each tick of the flush timer, at most. */
const SPILLED_BATCHES = 2
/** The place of a record that was read back: before all that is written since. */
const READ_BACK = -1

/**
 * The records that are not sent yet: the oldest in memory, and behind them, when memory is not enough, those in the outbox.
 * While the outbox has unread records, new ones go behind them, so that all are sent in order. A write costs the same however
 * many records wait, whether the outbox takes them or not.
 */
export class Backlog {
  /** Whether the adapter is not available. */
  isDown = false
  readonly #outbox: OutboxBreaker
  readonly #limits: BacklogLimits
  readonly #counts: MutableWriteCounts
  readonly #onShed: () => void
  readonly #waiting = new WaitingRecords()
  #order = 0
  #takenRecords = 0
  #takenBytes = 0

  constructor(
    outbox: OutboxBreaker,
    limits: BacklogLimits,
    counts: MutableWriteCounts,
    onShed: () => void,
  ) {
    this.#outbox = outbox
    this.#limits = limits
    this.#counts = counts
    this.#onShed = onShed
  }

  /** Records in memory that are not stored yet. */
  get records(): number {
    return this.#waiting.records + this.#takenRecords
  }

  /** Estimated size of these records in memory, in bytes. */
  get bytes(): number {
    return this.#waiting.bytes + this.#takenBytes
  }

  /** The record that has waited in memory longest. */
  get first(): QueuedRecord | undefined {
    return this.#waiting.first()
  }

  /** The place of the first record that is not taken. */
  get firstOrder(): number {
    if (this.#outbox.hasUnread) return READ_BACK
    return this.first?.order ?? Number.POSITIVE_INFINITY
  }

  /** The place of the last record that was added. */
  get lastOrder(): number {
    return this.#order - 1
  }

  /** Whether a whole batch waits in memory. */
  get hasBatch(): boolean {
    return this.#waiting.queue.records >= this.#limits.batchRecords
  }

  /** Calls with each record that waits in memory, in any order. */
  forEach(call: (entry: QueuedRecord) => void): void {
    this.#waiting.forEach(call)
  }

  add(record: StoreRecord): void {
    const entry = newEntry(record, this.#order++)
    if (this.#limits.durability === 'process' && this.#outbox.isReady) this.#journal(entry)
    else this.#enqueue(entry)
  }

  /** Takes the next batch; unless forced, only a full one or one whose time has come. */
  take(isForced: boolean): readonly QueuedRecord[] {
    const { batchRecords, flushMs } = this.#limits
    if (this.#waiting.queue.records === 0) {
      const readBack = this.#read()
      if (readBack.length > 0) return this.#taken(readBack)
      this.#waiting.advance()
    }
    const first = this.#waiting.queue.first()
    if (first === undefined) return []
    const isDue = isForced || this.hasBatch || Date.now() - first.queuedAt >= flushMs
    return isDue ? this.#taken(this.#waiting.queue.take(batchRecords, BATCH_BYTES)) : []
  }

  /** Says that records that were taken are done with; returns how many of them were not before. */
  settle(entries: readonly QueuedRecord[]): number {
    // The last flush may have settled some already, while their batch was being sent.
    const fresh = entries.filter(({ isSettled }) => !isSettled)
    for (const entry of fresh) {
      entry.isSettled = true
      this.#takenRecords--
      this.#takenBytes -= entry.bytes
      this.#release(entry)
    }
    return fresh.length
  }

  /** Writes some of the records to the outbox that are to go there, and moves what memory should no longer hold behind them. */
  spill(): void {
    if (this.isDown && this.#outbox.isReady && !this.#isBehindOutbox() && this.#isHalfFull()) {
      const { maxQueuedRecords, maxQueuedBytes } = this.#limits
      const excess = this.#waiting.queue.takeBeyond(
        Math.max(0, maxQueuedRecords * SPILL_AT - this.#takenRecords),
        Math.max(0, maxQueuedBytes * SPILL_AT - this.#takenBytes),
      )
      this.#waiting.spillover.giveBack(excess)
    }
    for (let batch = 0; batch < SPILLED_BATCHES && this.#spillBatch(); ) batch++
  }

  /** Writes records that were taken to the outbox, unless they are there already; returns how many it has no room for. */
  keep(taken: readonly QueuedRecord[]): number {
    const segments = new Set(taken.map(({ segment }) => segment))
    const inPlace = new Set([...segments].filter((one) => one && this.#outbox.isInPlace(one)))
    const inMemory = taken.filter(({ segment }) => !inPlace.has(segment))
    const { batchRecords } = this.#limits
    let kept = 0
    while (kept < inMemory.length && this.#writeNow(inMemory.slice(kept, kept + batchRecords)))
      kept += batchRecords
    // What room is left may be enough for a few more, one by one.
    while (kept < inMemory.length && this.#writeNow(inMemory.slice(kept, kept + 1))) kept++
    const lost = inMemory.slice(kept)
    for (const entry of lost) this.#drop(entry)
    return lost.length
  }

  /** Takes everything that waits in memory. */
  takeAll(): readonly QueuedRecord[] {
    return this.#taken(this.#waiting.takeAll())
  }

  #journal(entry: QueuedRecord): void {
    const isInMemory = !this.#isHalfFull() && !this.#isBehindOutbox()
    const segment = this.#outbox.append([entry.record], isInMemory)
    entry.segment = isInMemory ? segment : undefined
    if (segment !== undefined && !isInMemory) this.#counts.spilled++
    else this.#enqueue(entry)
  }

  #enqueue(entry: QueuedRecord): void {
    const { batchRecords } = this.#limits
    if (entry.segment === undefined && (this.#isBehindOutbox() || this.#shouldSpill())) {
      this.#waiting.spillover.push(entry)
      // Tried once for each batch only: the outbox may be full while very many wait.
      if (this.#waiting.spillover.records % batchRecords === 0) this.#spillBatch()
    } else this.#waiting.queue.push(entry)
    this.#relieve(entry)
  }

  #relieve({ record }: QueuedRecord): void {
    const { maxQueuedRecords, maxQueuedBytes } = this.#limits
    while (this.records > maxQueuedRecords || this.bytes > maxQueuedBytes) {
      if (this.#spillBatch()) continue
      const shedKind = this.bytes > maxQueuedBytes ? this.#waiting.shedBody() : undefined
      if (shedKind !== undefined) {
        this.#counts.shedBodies[shedKind]++
        this.#onShed()
        continue
      }
      const dropped = this.#waiting.dropLeast(record.importance)
      if (dropped === undefined) return
      this.#release(dropped)
      this.#drop(dropped)
    }
  }

  #isBehindOutbox(): boolean {
    return this.#waiting.spillover.records > 0 || this.#outbox.hasUnread
  }

  /** Whether a record that is in no file is to be written to one. */
  #shouldSpill(): boolean {
    if (!this.isDown || !this.#outbox.exists) return false
    return this.#limits.durability === 'process' || this.#isHalfFull()
  }

  #isHalfFull(): boolean {
    const { maxQueuedRecords, maxQueuedBytes } = this.#limits
    return this.records >= maxQueuedRecords * SPILL_AT || this.bytes >= maxQueuedBytes * SPILL_AT
  }

  /** Writes one batch of the records that are to go to the outbox; whether there was one and it was written. */
  #spillBatch(): boolean {
    const isWanted = this.isDown || this.#outbox.hasUnread
    if (!isWanted || this.#waiting.spillover.records === 0 || !this.#outbox.isReady) return false
    const records = this.#outbox.isDoubtful ? 1 : this.#limits.batchRecords
    const entries = this.#waiting.spillover.take(records, BATCH_BYTES)
    if (this.#writeNow(entries)) return true
    this.#waiting.spillover.giveBack(entries)
    return false
  }

  #writeNow(entries: readonly QueuedRecord[]): boolean {
    const records = entries.map(({ record }) => record)
    if (this.#outbox.appendNow(records, false) === undefined) return false
    this.#counts.spilled += entries.length
    for (const entry of entries) this.#release(entry)
    return true
  }

  #read(): QueuedRecord[] {
    const batch = this.#outbox.read(this.#limits.batchRecords)
    if (batch === undefined) return []
    return batch.records.map((record) => ({
      ...newEntry(record, READ_BACK),
      segment: batch.segment,
    }))
  }

  #release(entry: QueuedRecord): void {
    if (entry.segment !== undefined) this.#outbox.settle(entry.segment)
  }

  #taken(entries: readonly QueuedRecord[]): readonly QueuedRecord[] {
    this.#takenRecords += entries.length
    for (const { bytes } of entries) this.#takenBytes += bytes
    return entries
  }

  #drop({ record }: QueuedRecord): void {
    if (record.kind in this.#counts.shed) this.#counts.shed[record.kind]++
    this.#onShed()
  }
}
