import type { BackoffLimits, StoreRecord } from '@fastify-scs/core/kit'
import type { CheckedAdapter } from '../checked-adapter.js'
import type { OutboxBreaker } from '../outbox/breaker.js'
import { Backlog, type BacklogLimits } from '../queue/backlog.js'
import type { QueuedRecord } from '../queue/queued-record.js'
import { isKind } from '../read/filter.js'
import type { RedactedLog } from '../redacted-log.js'
import type { StoreStats } from '../store.js'
import { AfterCloseRecords } from './after-close.js'
import { Dispatcher } from './dispatcher.js'
import { Flushes, LastFlush } from './flush.js'
import { LossLog } from './loss-log.js'
import type { MutableWriteCounts } from './write-counts.js'

/** How records are batched, how long they wait and how many of them may wait. */
export interface WriterLimits extends BacklogLimits, BackoffLimits {
  /** For a flush, and for all that the store does at its end, in milliseconds. */
  readonly closeTimeoutMs: number
}

/** Takes records at once and stores them later, in batches that are sent when they are full or when it is time. */
export class DeferredWriter {
  readonly #adapter: CheckedAdapter
  readonly #limits: WriterLimits
  readonly #counts: MutableWriteCounts
  readonly #log: RedactedLog
  readonly #outbox: OutboxBreaker
  readonly #backlog: Backlog
  readonly #dispatcher: Dispatcher
  readonly #lossLog: LossLog
  readonly #flushes: Flushes
  readonly #late: AfterCloseRecords
  #timer: NodeJS.Timeout | undefined
  #isTimerSet = false
  #isWoken = false
  #state: 'accepting' | 'closing' | 'closed' = 'accepting'

  constructor(
    adapter: CheckedAdapter,
    outbox: OutboxBreaker,
    limits: WriterLimits,
    counts: MutableWriteCounts,
    log: RedactedLog,
  ) {
    this.#adapter = adapter
    this.#limits = limits
    this.#counts = counts
    this.#log = log
    this.#outbox = outbox
    this.#lossLog = new LossLog(log, counts)
    this.#late = new AfterCloseRecords(outbox, counts, log)
    this.#flushes = new Flushes(() => this.#firstOrder())
    this.#backlog = new Backlog(outbox, limits, counts, () => this.#lossLog.note('pressure'))
    this.#dispatcher = new Dispatcher(adapter, this.#backlog, limits, counts, log, {
      onStored: () => this.#onStored(),
      onDown: () => this.#flushes.fail(),
    })
  }

  /** Whether the adapter takes batches. */
  get isAvailable(): boolean {
    return this.#dispatcher.isAvailable
  }

  /** From write to commit, of the oldest record of the batch that was stored last, in milliseconds. */
  get lagMs(): number {
    return this.#dispatcher.lagMs
  }

  /** What is in memory and not stored yet. */
  queue(): StoreStats['queue'] {
    const heads = [
      ...this.#dispatcher.batches.map(({ entries }) => entries[0]),
      this.#backlog.first,
    ]
    const now = Date.now()
    const oldestAt = heads.reduce((at, entry) => Math.min(at, entry?.queuedAt ?? at), now)
    const { records, bytes } = this.#backlog
    const { batchesInFlight } = this.#dispatcher
    return { records, bytes, batchesInFlight, oldestAgeMs: now - oldestAt }
  }

  /** Records in memory and of this process in the outbox. */
  get waitingRecords(): number {
    return this.#backlog.records + this.#outbox.unreadRecords
  }

  /** Whether there are records that only the outbox holds. */
  get hasUnread(): boolean {
    return this.#outbox.hasUnread
  }

  /** Age of the oldest batch that is not stored yet, in milliseconds. */
  get oldestBatchMs(): number {
    const oldestAt = Math.min(...this.#dispatcher.batches.map(({ takenAt }) => takenAt))
    return Math.max(0, Date.now() - oldestAt)
  }

  /** Finds records in memory, in the order of their arrival; reads all of them. */
  waiting(isMeant: (record: StoreRecord) => boolean): readonly StoreRecord[] {
    const meant: QueuedRecord[] = []
    const look = (entry: QueuedRecord) => {
      if (!entry.isSettled && isMeant(entry.record)) meant.push(entry)
    }
    for (const { entries } of this.#dispatcher.batches) entries.forEach(look)
    this.#backlog.forEach(look)
    meant.sort((one, other) => one.order - other.order)
    return meant.map(({ record }) => record)
  }

  /** Takes a record; never throws, never waits. Once the store has closed, the record is in the outbox when this returns. */
  write(record: StoreRecord): void {
    if (!this.#accept(record)) this.#refuse(record)
    else if (this.#backlog.hasBatch) this.wake()
    else if (!this.#isTimerSet) this.#setTimer()
  }

  /** The adapter is open: batches may be sent. */
  begin(): void {
    this.#dispatcher.begin()
  }

  /** The adapter could not be opened: tries again until it can. */
  beginLater(error: unknown): void {
    this.#dispatcher.beginLater(error)
  }

  /** Sends what waits; true once everything that was written before is stored, false when it can't be. */
  flush(withinMs: number = this.#limits.closeTimeoutMs): Promise<boolean> {
    const isStored = this.#flushes.add(this.#backlog.lastOrder, withinMs)
    if (!this.isAvailable || this.#state === 'closed') this.#flushes.fail()
    else this.#pump()
    return isStored
  }

  /**
   * Stores what waits, and what is written meanwhile, within the time, and leaves the rest in the outbox. The adapter is
   * still open afterwards.
   */
  async close(withinMs: number): Promise<void> {
    if (this.#state !== 'accepting') return
    this.#state = 'closing'
    const endMs = performance.now() + withinMs
    const isStored = await this.flush(withinMs)
    // Stores what was written meanwhile, once: whoever goes on writing does not delay the end for ever.
    if (isStored) await this.flush(Math.max(1, endMs - performance.now()))
    this.#finish(this.#insertNow(this.#unsettled(), endMs - performance.now()))
  }

  /** As `close`, but synchronous: the process ends. */
  closeNow(): void {
    if (this.#state === 'closed') return
    this.#state = 'closing'
    this.#finish(this.#insertNow(this.#unsettled(), this.#limits.closeTimeoutMs))
  }

  /** Takes everything in memory that is not stored, in order. */
  #unsettled(): readonly QueuedRecord[] {
    const taken = this.#dispatcher.batches.flatMap(({ entries }) => entries)
    return [...taken, ...this.#backlog.takeAll()].filter(({ isSettled }) => !isSettled)
  }

  /** Stores synchronously what can be stored so; returns the rest. */
  #insertNow(entries: readonly QueuedRecord[], withinMs: number): readonly QueuedRecord[] {
    if (entries.length === 0 || !this.isAvailable || withinMs <= 0) return entries
    try {
      const insert = new LastFlush(this.#adapter, this.#limits.batchRecords, withinMs)
      const stored = insert.insert(entries, this.#outbox.exists)
      this.#counts.written += this.#backlog.settle(stored)
    } catch (error) {
      this.#log.error({ err: error }, 'the last flush of the store failed')
    }
    return entries.filter(({ isSettled }) => !isSettled)
  }

  #finish(rest: readonly QueuedRecord[]): void {
    this.#state = 'closed'
    clearTimeout(this.#timer)
    this.#dispatcher.stop()
    this.#flushes.fail()
    const lost = this.#backlog.keep(rest)
    if (lost > 0) this.#log.error({ records: lost }, 'the store ends, and these records are lost')
    this.#lossLog.close()
    this.#outbox.close()
  }

  #accept(record: StoreRecord): boolean {
    if (this.#state === 'closed') return false
    try {
      this.#backlog.add(record)
      return true
    } catch {
      // Not even an object, whatever the types say.
      return false
    }
  }

  #refuse(record: StoreRecord | undefined): void {
    const isRecord = typeof record === 'object' && record !== null && isKind(record.kind)
    if (isRecord && this.#state === 'closed') this.#late.take(record)
    else {
      if (isRecord) this.#counts.shed[record.kind]++
      this.#lossLog.note('no record')
    }
  }

  /** Sends soon what can be sent. */
  wake(): void {
    if (this.#isWoken) return
    this.#isWoken = true
    setImmediate(() => {
      this.#isWoken = false
      this.#pump()
    })
  }

  #setTimer(): void {
    this.#isTimerSet = true
    if (this.#timer === undefined) {
      this.#timer = setTimeout(() => this.#onTimer(), this.#limits.flushMs).unref()
    } else this.#timer.refresh()
  }

  #onTimer(): void {
    this.#isTimerSet = false
    if (this.#state === 'closed') return
    this.#backlog.spill()
    this.#pump(true)
    if (this.#backlog.first !== undefined) this.#setTimer()
  }

  #onStored(): void {
    this.#pump()
    // With durability 'process' the file is always in use; without, it is removed as soon as it is drained.
    if (this.#limits.durability === 'default') this.#outbox.tidy()
  }

  #pump(isTime = false): void {
    this.#dispatcher.pump(isTime || this.#flushes.isWaiting)
    this.#flushes.check()
  }

  /** The place of the first record that is not stored. */
  #firstOrder(): number {
    const orders = this.#dispatcher.batches.map(({ order }) => order)
    return Math.min(this.#backlog.firstOrder, ...orders)
  }
}
