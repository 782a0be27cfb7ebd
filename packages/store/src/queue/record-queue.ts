import type { Importance, StoreRecord } from '@fastify-scs/core/kit'
import { Fifo } from './fifo.js'
import { type QueuedRecord, shedBodies } from './queued-record.js'

const LANES: Readonly<Record<Importance, number>> = { low: 0, normal: 1, high: 2 }

/** Every importance, the lowest first. */
export const IMPORTANCES: readonly Importance[] = ['low', 'normal', 'high']

interface Lane {
  readonly entries: Fifo<QueuedRecord>
  /** How many entries, counted from the first, have no bodies left to shed. */
  bare: number
}

/** Records in the order of their arrival, with a lane for each importance, so that the least important is found at once. */
export class RecordQueue {
  readonly #lanes: readonly Lane[] = [newLane(), newLane(), newLane()]
  #records = 0
  #bytes = 0

  get records(): number {
    return this.#records
  }

  get bytes(): number {
    return this.#bytes
  }

  push(entry: QueuedRecord): void {
    this.#lane(entry.record.importance).entries.push(entry)
    this.#records++
    this.#bytes += entry.bytes
  }

  /** Puts records back that were the first ones of this queue, in their order, before all others. */
  giveBack(entries: readonly QueuedRecord[]): void {
    for (const lane of this.#lanes) {
      const own = entries.filter(({ record }) => this.#lane(record.importance) === lane)
      lane.entries.prepend(own)
      // Were entries of this lane searched before, these were among them and have no bodies left.
      lane.bare = lane.bare === 0 ? 0 : lane.bare + own.length
    }
    for (const { bytes } of entries) this.#bytes += bytes
    this.#records += entries.length
  }

  /** The importance of the least important record. */
  get least(): Importance | undefined {
    return IMPORTANCES.find((importance) => this.#lane(importance).entries.size > 0)
  }

  /** The record that has waited longest. */
  first(): QueuedRecord | undefined {
    return this.#firstLane()?.entries.first()
  }

  /** Calls with each record, in any order. */
  forEach(call: (entry: QueuedRecord) => void): void {
    for (const { entries } of this.#lanes) entries.forEach(call)
  }

  /** Takes the first records: one at least, then up to a number of records and of bytes. */
  take(maxRecords: number, maxBytes: number): QueuedRecord[] {
    const taken: QueuedRecord[] = []
    let bytes = 0
    for (let lane = this.#firstLane(); lane !== undefined; lane = this.#firstLane()) {
      const next = lane.entries.first()
      const isEnough = taken.length > 0 && bytes + (next?.bytes ?? 0) > maxBytes
      if (next === undefined || isEnough || taken.length >= maxRecords) break
      bytes += next.bytes
      taken.push(next)
      this.#shift(lane)
    }
    return taken
  }

  /** Takes the last records until no more than a number of records and bytes is left; in the order of their arrival. */
  takeBeyond(maxRecords: number, maxBytes: number): QueuedRecord[] {
    const taken: QueuedRecord[] = []
    while (this.#bytes > maxBytes || this.#records > maxRecords) {
      const lane = this.#lastLane()
      const entry = lane?.entries.pop()
      if (lane === undefined || entry === undefined) break
      lane.bare = Math.min(lane.bare, lane.entries.size)
      this.#forget(entry)
      taken.push(entry)
    }
    return taken.reverse()
  }

  /**
   * Sheds the bodies of one record, of the oldest of the least important ones that have any; returns its kind. Each record is
   * checked once, so that a write costs the same however long the queue is.
   */
  shedBody(among: readonly Importance[] = IMPORTANCES): StoreRecord['kind'] | undefined {
    for (const importance of among) {
      const lane = this.#lane(importance)
      for (; lane.bare < lane.entries.size; lane.bare++) {
        const entry = lane.entries.at(lane.bare)
        if (entry === undefined || (entry.record.sheddable ?? []).length === 0) continue
        const before = entry.bytes
        shedBodies(entry)
        this.#bytes -= before - entry.bytes
        lane.bare++
        return entry.record.kind
      }
    }
    return undefined
  }

  /** Drops the oldest record of the lowest importance, unless all are more important than the given importance. */
  dropLeast(importance: Importance): QueuedRecord | undefined {
    const lane = this.#lanes.find(({ entries }) => entries.size > 0)
    if (lane === undefined || this.#lanes.indexOf(lane) > LANES[importance]) return undefined
    return this.#shift(lane)
  }

  #lane(importance: Importance): Lane {
    return this.#lanes[LANES[importance] ?? LANES.normal] as Lane
  }

  #shift(lane: Lane): QueuedRecord | undefined {
    const entry = lane.entries.shift()
    if (entry === undefined) return undefined
    lane.bare = Math.max(0, lane.bare - 1)
    this.#forget(entry)
    return entry
  }

  #forget(entry: QueuedRecord): void {
    this.#records--
    this.#bytes -= entry.bytes
  }

  #firstLane(): Lane | undefined {
    return this.#pick(
      ({ entries }) => entries.first(),
      (one, other) => one < other,
    )
  }

  #lastLane(): Lane | undefined {
    return this.#pick(
      ({ entries }) => entries.last(),
      (one, other) => one > other,
    )
  }

  #pick(
    end: (lane: Lane) => QueuedRecord | undefined,
    isBetter: (one: number, other: number) => boolean,
  ): Lane | undefined {
    let best: Lane | undefined
    let bestOrder = 0
    for (const lane of this.#lanes) {
      const order = end(lane)?.order
      if (order === undefined || (best !== undefined && !isBetter(order, bestOrder))) continue
      best = lane
      bestOrder = order
    }
    return best
  }
}

function newLane(): Lane {
  return { entries: new Fifo(), bare: 0 }
}

/** The records that wait in memory: those that are sent next, and behind them those that are to go to the outbox. */
export class WaitingRecords {
  /** What is sent next. */
  queue: RecordQueue = new RecordQueue()
  /** What is to go to the outbox, behind all of the queue. */
  spillover: RecordQueue = new RecordQueue()

  get records(): number {
    return this.queue.records + this.spillover.records
  }

  /** Estimated size in memory, in bytes. */
  get bytes(): number {
    return this.queue.bytes + this.spillover.bytes
  }

  /** The record that has waited longest. */
  first(): QueuedRecord | undefined {
    return this.queue.first() ?? this.spillover.first()
  }

  /** Calls with each record, in any order. */
  forEach(call: (entry: QueuedRecord) => void): void {
    this.queue.forEach(call)
    this.spillover.forEach(call)
  }

  /** To be called when the queue and the files are empty: what was to go to the files is sent next. */
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

  /** As `RecordQueue.shedBody`, in both queues. */
  shedBody(): StoreRecord['kind'] | undefined {
    for (const importance of IMPORTANCES) {
      const among = [importance]
      const kind = this.queue.shedBody(among) ?? this.spillover.shedBody(among)
      if (kind !== undefined) return kind
    }
    return undefined
  }

  /** Drops the oldest record of the lowest importance, unless all are more important than the given importance. */
  dropLeast(importance: Importance): QueuedRecord | undefined {
    const isLeast = (one: Importance) => one === this.queue.least || one === this.spillover.least
    const least = IMPORTANCES.find(isLeast)
    return (least === this.queue.least ? this.queue : this.spillover).dropLeast(importance)
  }
}
