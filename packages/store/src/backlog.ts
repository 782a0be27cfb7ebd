import type { GuardedOutbox } from './guarded-outbox.js'
import type { StoreRecord } from './record.js'
import { recordBytes } from './record-bytes.js'
import { type QueuedRecord, RecordQueue } from './record-queue.js'
import type { MutableWriteCounts } from './write-counts.js'

/** How much waits, and how it leaves. */
export interface BacklogLimits {
  readonly batchRecords: number
  readonly flushMs: number
  readonly maxQueuedRecords: number
  readonly maxQueuedBytes: number
  readonly durability: 'default' | 'process'
}

/** Bytes of one batch, after its first record. */
const BATCH_BYTES = 4_194_304
/** The share of the bounds at which records go to the outbox, while the adapter is down. */
const SPILL_AT = 0.5
/** The place of a record that was read back: before all that is written since. */
const READ_BACK = -1

/**
 * The records that are not sent yet: the oldest in memory, and behind them, when memory does not do, those in the
 * outbox. While the outbox has unread records new ones go behind them, so that all leave in order.
 */
export class Backlog {
  /** Whether the adapter is not available. */
  isDown = false
  readonly #outbox: GuardedOutbox
  readonly #limits: BacklogLimits
  readonly #counts: MutableWriteCounts
  readonly #onShed: () => void
  readonly #queue = new RecordQueue()
  /** On their way into the outbox. */
  #spillover: QueuedRecord[] = []
  #order = 0
  #takenRecords = 0
  #takenBytes = 0

  constructor(
    outbox: GuardedOutbox,
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
    return this.#queue.records + this.#spillover.length + this.#takenRecords
  }

  /** What they take, in bytes; an estimate. */
  get bytes(): number {
    return this.#queue.bytes + this.#takenBytes
  }

  /** The record in memory that waits longest. */
  get first(): QueuedRecord | undefined {
    return this.#queue.first() ?? this.#spillover[0]
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
    return this.#queue.records >= this.#limits.batchRecords
  }

  add(record: StoreRecord): void {
    const order = this.#order++
    const entry = newEntry(record, order)
    if (this.#limits.durability === 'process' && this.#outbox.exists) this.#journal(entry)
    else if (this.#isBehindOutbox()) this.#spill([entry])
    else this.#enqueue(entry)
  }

  /** The next batch; when it is not forced, only a full one or one whose time has come. */
  take(isForced: boolean): readonly QueuedRecord[] {
    const { batchRecords, flushMs } = this.#limits
    if (this.#queue.records === 0) {
      const readBack = this.#read()
      if (readBack.length > 0) return this.#taken(readBack)
      for (const entry of this.#spillover.splice(0)) this.#queue.push(entry)
    }
    const first = this.#queue.first()
    if (first === undefined) return []
    const isDue = isForced || this.hasBatch || Date.now() - first.queuedAt >= flushMs
    return isDue ? this.#taken(this.#queue.take(batchRecords, BATCH_BYTES)) : []
  }

  /** Says that records that were taken need no further care. */
  settle(entries: readonly QueuedRecord[]): void {
    for (const entry of entries) {
      entry.isSettled = true
      this.#takenRecords--
      this.#takenBytes -= entry.bytes
      this.#release(entry)
    }
  }

  /** Writes what is on its way into the outbox, and what no longer should wait in memory. */
  spill(): void {
    if (this.#isBehindOutbox()) this.#writeSpillover()
    if (!this.isDown || !this.#outbox.exists) return
    const { maxQueuedRecords, maxQueuedBytes } = this.#limits
    const isNear =
      this.records > maxQueuedRecords * SPILL_AT || this.bytes > maxQueuedBytes * SPILL_AT
    if (!isNear) return
    const excess = this.#queue.takeBeyond(
      Math.max(0, maxQueuedRecords * SPILL_AT - this.#takenRecords),
      Math.max(0, maxQueuedBytes * SPILL_AT - this.#takenBytes),
    )
    if (!this.#write(excess)) for (const entry of excess) this.#queue.push(entry)
  }

  /** Writes records that were taken to the outbox, unless they are there; returns how many it has no place for. */
  keep(taken: readonly QueuedRecord[]): number {
    const inMemory = taken.filter(({ segment }) => segment === undefined)
    if (this.#write(inMemory)) return 0
    for (const entry of inMemory) this.#drop(entry)
    return inMemory.length
  }

  /** Takes everything that waits in memory. */
  takeAll(): readonly QueuedRecord[] {
    const queued = this.#queue.take(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)
    return this.#taken([...queued, ...this.#spillover.splice(0)])
  }

  #journal(entry: QueuedRecord): void {
    const { record } = entry
    const { maxQueuedRecords, maxQueuedBytes } = this.#limits
    const hasRoom =
      this.records < maxQueuedRecords * SPILL_AT && this.bytes < maxQueuedBytes * SPILL_AT
    const isInMemory = hasRoom && !this.#outbox.hasUnread
    const segment = this.#outbox.append([record], isInMemory)
    entry.segment = isInMemory ? segment : undefined
    if (segment === undefined || isInMemory) this.#enqueue(entry)
    else this.#counts.spilled++
  }

  #enqueue(entry: QueuedRecord): void {
    this.#queue.push(entry)
    if (this.isDown) this.spill()
    this.#relieve(entry)
  }

  #relieve({ record }: QueuedRecord): void {
    const { maxQueuedRecords, maxQueuedBytes } = this.#limits
    while (this.records > maxQueuedRecords || this.bytes > maxQueuedBytes) {
      const shedKind = this.bytes > maxQueuedBytes ? this.#queue.shedBody() : undefined
      if (shedKind !== undefined) {
        this.#counts.shedBodies[shedKind]++
        this.#onShed()
        continue
      }
      const dropped = this.#queue.dropLeast(record.importance)
      if (dropped === undefined) return
      this.#release(dropped)
      this.#drop(dropped)
    }
  }

  #isBehindOutbox(): boolean {
    return this.#spillover.length > 0 || this.#outbox.hasUnread
  }

  #spill(entries: readonly QueuedRecord[]): void {
    this.#spillover.push(...entries)
    if (this.#spillover.length >= this.#limits.batchRecords) this.#writeSpillover()
  }

  #writeSpillover(): void {
    const entries = this.#spillover.splice(0)
    if (this.#write(entries)) return
    for (const entry of entries) {
      this.#queue.push(entry)
      this.#relieve(entry)
    }
  }

  #write(entries: readonly QueuedRecord[]): boolean {
    if (entries.length === 0) return true
    const records = entries.map(({ record }) => record)
    if (this.#outbox.append(records, false) === undefined) return false
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

function newEntry(record: StoreRecord, order: number): QueuedRecord {
  const bytes = recordBytes(record)
  return { record, bytes, queuedAt: Date.now(), segment: undefined, order, isSettled: false }
}
