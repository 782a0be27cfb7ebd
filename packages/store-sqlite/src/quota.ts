import type { FileSize } from './file-size.js'
import type { OldestRows } from './oldest-rows.js'

/** Rows that go in one statement at most. */
const CHUNK_ROWS = 2_000
/** What a row takes, until some have gone, in bytes. */
const FIRST_ROW_BYTES = 2_000
const MIN_ROW_BYTES = 100
/** The weight of the rows that have just gone in what a row is taken for. */
const NEWS = 0.2

/**
 * Keeps the file to its bytes at whatever rate it is written: a transaction that adds to a full file removes as much of
 * what is oldest, so that its pages are used again.
 */
export class Quota {
  readonly #size: FileSize
  readonly #oldest: OldestRows
  readonly #maxBytes: number
  #rowBytes = FIRST_ROW_BYTES

  constructor(size: FileSize, oldest: OldestRows, maxBytes: number) {
    this.#size = size
    this.#oldest = oldest
    this.#maxBytes = maxBytes
  }

  get usedBytes(): number {
    return this.#size.usedBytes
  }

  /**
   * Removes the oldest rows at the end of a transaction that began with so many bytes in use; returns how many went.
   * A file that is too large shrinks by as much as the transaction has added, not all at once.
   */
  makeRoom(usedBefore: number): number {
    let used = this.#size.usedBytes
    const goal = Math.max(this.#maxBytes, 2 * usedBefore - used)
    let removed = 0
    while (used > goal) {
      const rows = Math.ceil((used - goal) / this.#rowBytes)
      const gone = this.#oldest.remove(Math.min(rows, CHUNK_ROWS))
      if (gone === 0) break
      const usedNow = this.#size.usedBytes
      this.#learn((used - usedNow) / gone)
      used = usedNow
      removed += gone
    }
    return removed
  }

  #learn(rowBytes: number): void {
    this.#rowBytes = Math.max(MIN_ROW_BYTES, this.#rowBytes * (1 - NEWS) + rowBytes * NEWS)
  }
}
