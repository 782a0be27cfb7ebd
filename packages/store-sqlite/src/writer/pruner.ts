import { randomUUID } from 'node:crypto'
import { RECORD_KINDS, type RecordKind, type RetentionLimits } from '@fastify-scs/store/adapter'
import type { Connection, Statement } from '../driver/driver.js'
import type { LockWait } from '../file/transaction.js'
import { transact } from '../file/transaction.js'
import type { GroupCounter } from './group-counter.js'
import type { FileSize, OldestRows } from './quota.js'
import { RouteHours } from './route-hours.js'
import type { Wal } from './wal.js'

const CHUNK_ROWS = 500
/** More than `CHUNK_ROWS` when the file is too large, so that removing is faster than writing. */
const MANY_ROWS = 2_000
/** What removing a row writes to the log, about, in bytes. */
const ROW_BYTES = 2_000
const VACUUM_PAGES = 500
/** The share of free pages that stays in the file, for what is written next. */
const SLACK = 0.05
const LEASE_MS = 60_000

/** What a pruner needs. */
export interface PrunerParts {
  readonly lockWait: LockWait
  readonly wal: Wal
  readonly size: FileSize
  readonly oldest: OldestRows
  readonly counter: GroupCounter
}

/** Removes old rows, a few at a time, and gives their pages back to the disk. */
export class Pruner {
  readonly #connection: Connection
  readonly #lockWait: LockWait
  readonly #wal: Wal
  readonly #size: FileSize
  readonly #oldest: OldestRows
  readonly #counter: GroupCounter
  readonly #routeHours: RouteHours
  readonly #lease: Statement
  readonly #release: Statement

  constructor(connection: Connection, { lockWait, wal, size, oldest, counter }: PrunerParts) {
    this.#connection = connection
    this.#lockWait = lockWait
    this.#wal = wal
    this.#size = size
    this.#oldest = oldest
    this.#counter = counter
    this.#routeHours = new RouteHours(connection, lockWait)
    this.#lease = connection.prepare(`INSERT INTO leases (name, owner, until) VALUES ('prune', ?, ?)
      ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
      WHERE leases.until < ? OR leases.owner = excluded.owner`)
    this.#release = connection.prepare(`DELETE FROM leases WHERE name = 'prune' AND owner = ?`)
  }

  /**
   * Removes what the limits name; each step is a small piece of work, and other work has its turn between two steps. Ends at once
   * while another process prunes. Returns how many rows were removed.
   */
  *prune({ olderThan, kind, maxBytes }: RetentionLimits): Generator<void, number> {
    const owner = randomUUID()
    if (!this.#hold(owner)) return 0
    let removed = 0
    try {
      if (kind === undefined) yield* this.#forgetGroups(olderThan)
      const rowBytes =
        maxBytes === undefined ? 0 : this.#size.usedBytes / Math.max(1, this.#count())
      for (let rows = 1; rows > 0 && this.#hold(owner); ) {
        rows = olderThan === undefined ? 0 : this.#removeBefore(olderThan, kind)
        if (rows === 0 && maxBytes !== undefined) rows = this.#removeBeyond(maxBytes, rowBytes)
        removed += rows
        this.#wal.grew(rows * ROW_BYTES)
        yield
      }
      yield* this.#routeHours.sumUp()
      if (removed > 0) yield* this.#giveBack(owner)
    } finally {
      this.#lockWait.do(() => this.#release.run(owner))
    }
    return removed
  }

  *#forgetGroups(olderThan: number | undefined): Generator<void> {
    const forget = (time: number) => this.#lockWait.do(() => this.#counter.forgetBefore(time))
    while (olderThan !== undefined && forget(olderThan)) yield
  }

  /** Takes the lease, or extends it. */
  #hold(owner: string): boolean {
    const now = Date.now()
    const lease = this.#lockWait.do(() => this.#lease.run(owner, now + LEASE_MS, now))
    return Number(lease.changes) > 0
  }

  #removeBefore(time: number, kind: RecordKind | undefined): number {
    return transact(this.#connection, this.#lockWait, () =>
      this.#oldest.removeBefore(time, CHUNK_ROWS, kind),
    )
  }

  #removeBeyond(maxBytes: number, rowBytes: number): number {
    const excess = this.#size.usedBytes - maxBytes
    if (excess <= 0) return 0
    const rows = Math.min(MANY_ROWS, Math.ceil(excess / rowBytes))
    return transact(this.#connection, this.#lockWait, () => this.#oldest.remove(rows))
  }

  *#giveBack(owner: string): Generator<void> {
    for (let free = this.#free(); free.pages > free.allowed; free = this.#free()) {
      const pages = Math.min(VACUUM_PAGES, Math.ceil(free.pages - free.allowed))
      this.#lockWait.do(() => this.#connection.exec(`PRAGMA incremental_vacuum(${pages})`))
      this.#wal.grew(pages * this.#size.pageBytes)
      yield
      // A file of an earlier version may have been made without auto_vacuum, and gives nothing back.
      if (this.#free().pages === free.pages || !this.#hold(owner)) break
    }
    this.#wal.truncate()
  }

  #count(): number {
    return RECORD_KINDS.reduce((sum, kind) => {
      const { rows } = this.#connection.prepare(`SELECT count(*) AS rows FROM ${kind}`).get() as {
        rows: number
      }
      return sum + rows
    }, 0)
  }

  #free(): { readonly pages: number; readonly allowed: number } {
    return { pages: this.#size.freePages, allowed: this.#size.pages * SLACK }
  }
}
