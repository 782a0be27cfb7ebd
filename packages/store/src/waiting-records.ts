import type { Importance, StoreRecord } from './record.js'
import { IMPORTANCES, type QueuedRecord, RecordQueue } from './record-queue.js'

/** The records that wait in memory: those that leave first, and behind them those that should get into the outbox. */
export class WaitingRecords {
  /** What leaves next. */
  queue: RecordQueue = new RecordQueue()
  /** On their way into the outbox, behind all in the queue. */
  spillover: RecordQueue = new RecordQueue()

  get records(): number {
    return this.queue.records + this.spillover.records
  }

  /** An estimate. */
  get bytes(): number {
    return this.queue.bytes + this.spillover.bytes
  }

  /** The record that waits longest. */
  first(): QueuedRecord | undefined {
    return this.queue.first() ?? this.spillover.first()
  }

  /** Calls with each record, in whatever order. */
  forEach(call: (entry: QueuedRecord) => void): void {
    this.queue.forEach(call)
    this.spillover.forEach(call)
  }

  /** The queue is empty, and so are the files: what was to go into them leaves next. */
  advance(): void {
    const emptied = this.queue
    this.queue = this.spillover
    this.spillover = emptied
  }

  /** Takes all, in order. */
  takeAll(): QueuedRecord[] {
    const all = Number.POSITIVE_INFINITY
    return [...this.queue.take(all, all), ...this.spillover.take(all, all)]
  }

  /** Drops the bodies of one more record, the least important and oldest that has any; returns its kind. */
  shedBody(): StoreRecord['kind'] | undefined {
    for (const importance of IMPORTANCES) {
      const among = [importance]
      const kind = this.queue.shedBody(among) ?? this.spillover.shedBody(among)
      if (kind !== undefined) return kind
    }
    return undefined
  }

  /** Drops the oldest record of the least importance, unless all are more important than the given. */
  dropLeast(importance: Importance): QueuedRecord | undefined {
    const isLeast = (one: Importance) => one === this.queue.least || one === this.spillover.least
    const least = IMPORTANCES.find(isLeast)
    return (least === this.queue.least ? this.queue : this.spillover).dropLeast(importance)
  }
}
