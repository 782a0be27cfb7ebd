import type { StoreAdapter } from './port.js'
import type { QueuedRecord } from './record-queue.js'
import { groupVersions, type VersionGroup } from './version-groups.js'

type Stored = QueuedRecord | VersionGroup

/** Stores what waits while the process ends, before it returns. */
export class LastInsert {
  readonly #adapter: StoreAdapter
  readonly #batchRecords: number
  readonly #endMs: number

  constructor(adapter: StoreAdapter, batchRecords: number, withinMs: number) {
    this.#adapter = adapter
    this.#batchRecords = batchRecords
    this.#endMs = performance.now() + withinMs
  }

  /**
   * Stores records that nobody else changes, all or none of them, and then versions: a batch at a time, which goes to the outbox with
   * a version that the adapter does not keep; or, where there is no outbox, one by one.
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
    return leftMs > 0 && this.#adapter.insertSync?.(records, leftMs) === true
  }
}

function batchesOf<Item>(items: readonly Item[], most: number): readonly (readonly Item[])[] {
  const batches: (readonly Item[])[] = []
  for (let at = 0; at < items.length; at += most) batches.push(items.slice(at, at + most))
  return batches
}
