import type { CheckedAdapter } from '../checked-adapter.js'
import type { QueuedRecord } from '../queue/queued-record.js'
import { groupVersions, type VersionGroup } from './version-group.js'

interface Flush {
  /** The place of the last record that must be stored. */
  readonly order: number
  readonly resolve: (isStored: boolean) => void
  readonly timer: NodeJS.Timeout
}

/** Calls of `flush` that wait until everything that was written before is stored. */
export class Flushes {
  readonly #firstOrder: () => number
  #waiting: Flush[] = []

  /** @param firstOrder returns the place of the first record that is not stored */
  constructor(firstOrder: () => number) {
    this.#firstOrder = firstOrder
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0
  }

  /** Waits until all records up to a place are stored; false when the time is over first. */
  add(order: number, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#end((flush) => flush.timer === timer, false), timeoutMs)
      this.#waiting.push({ order, resolve, timer })
    })
  }

  /** Resolves the calls whose records are stored. */
  check(): void {
    if (!this.isWaiting) return
    const firstOrder = this.#firstOrder()
    this.#end((flush) => flush.order < firstOrder, true)
  }

  /** Resolves all calls with false: their records can't be stored now. */
  fail(): void {
    this.#end(() => true, false)
  }

  #end(isOver: (flush: Flush) => boolean, isStored: boolean): void {
    const over = this.#waiting.filter(isOver)
    this.#waiting = this.#waiting.filter((flush) => !isOver(flush))
    for (const { timer, resolve } of over) {
      clearTimeout(timer)
      resolve(isStored)
    }
  }
}

type Stored = QueuedRecord | VersionGroup

/** Stores what waits synchronously, while the process ends. */
export class LastFlush {
  readonly #adapter: CheckedAdapter
  readonly #batchRecords: number
  readonly #endMs: number

  constructor(adapter: CheckedAdapter, batchRecords: number, withinMs: number) {
    this.#adapter = adapter
    this.#batchRecords = batchRecords
    this.#endMs = performance.now() + withinMs
  }

  /**
   * Stores plain records, all or none of them, and then versions: a batch at a time, which goes to the outbox as a whole when one
   * version of it is not stored; where there is no outbox, one by one.
   *
   * @returns what is stored
   * @throws what the adapter does
   */
  insert(entries: readonly QueuedRecord[], hasOutbox: boolean): readonly QueuedRecord[] {
    const { plain, groups } = groupVersions(entries)
    const stored = this.#isStored(batchesOf(plain, this.#batchRecords)) ? [...plain] : []
    for (const batch of batchesOf(groups, hasOutbox ? this.#batchRecords : 1)) {
      if (this.#isStored([batch])) stored.push(...batch.flatMap((group) => group.entries))
    }
    return stored
  }

  #isStored(batches: readonly (readonly Stored[])[]): boolean {
    if (batches.length === 0) return true
    const leftMs = this.#endMs - performance.now()
    const records = batches.map((batch) => batch.map(({ record }) => record))
    const { insertsSync } = this.#adapter.traits
    return insertsSync && leftMs > 0 && this.#adapter.insertSync(records, leftMs)
  }
}

function batchesOf<Item>(items: readonly Item[], most: number): readonly (readonly Item[])[] {
  const batches: (readonly Item[])[] = []
  for (let at = 0; at < items.length; at += most) batches.push(items.slice(at, at + most))
  return batches
}
