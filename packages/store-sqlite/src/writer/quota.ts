import { RECORD_KINDS, type RecordKind } from '@fastify-scs/store/adapter'
import type { Connection, SqlValue, Statement } from '../driver/driver.js'

/** Rows that one statement removes at most. */
const CHUNK_ROWS = 2_000
/** Size of a row until some were removed and measured, in bytes. */
const FIRST_ROW_BYTES = 2_000
const MIN_ROW_BYTES = 100
/** The weight of the rows that were just removed in the average size of a row. */
const NEWS = 0.2

/**
 * Keeps the file to its size however fast it is written: a transaction that adds to a full file removes as much of the oldest
 * rows, so that their pages are used again.
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
   * Removes the oldest rows at the end of a transaction; returns how many. A file that is too large shrinks by as much as the
   * transaction has added, not all at once.
   *
   * @param usedBefore bytes in use when the transaction began
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

/** The size of the file; within a transaction, as that transaction sees it. */
export class FileSize {
  readonly #pages: Statement
  readonly #freePages: Statement
  readonly #pageBytes: number

  constructor(connection: Connection) {
    this.#pages = connection.prepare('PRAGMA page_count')
    this.#freePages = connection.prepare('PRAGMA freelist_count')
    this.#pageBytes = numberOf(connection.prepare('PRAGMA page_size'))
  }

  get pageBytes(): number {
    return this.#pageBytes
  }

  /** All pages, the free ones among them. */
  get pages(): number {
    return numberOf(this.#pages)
  }

  /** Free pages, which are used again before the file grows. */
  get freePages(): number {
    return numberOf(this.#freePages)
  }

  /** Bytes of the pages in use. */
  get usedBytes(): number {
    return (this.pages - this.freePages) * this.#pageBytes
  }
}

/** The one number that a pragma answers with. */
function numberOf(pragma: Statement): number {
  const [value] = Object.values(pragma.get() as Record<string, number>)
  return value ?? 0
}

/** Removes the oldest records, of all kinds. */
export class OldestRows {
  readonly #timeOfNth: Statement
  readonly #removeUntil: readonly Statement[]
  readonly #removeBefore: ReadonlyMap<RecordKind, Statement>

  constructor(connection: Connection) {
    const heads = RECORD_KINDS.map(
      (kind) => `SELECT * FROM (SELECT created_at FROM ${kind} ORDER BY created_at LIMIT ?)`,
    )
    this.#timeOfNth = connection.prepare(`SELECT max(created_at) AS time FROM
      (SELECT created_at FROM (${heads.join(' UNION ALL ')}) ORDER BY created_at LIMIT ?)`)
    const remove = (kind: string, condition: string) =>
      connection.prepare(`DELETE FROM ${kind} WHERE rowid IN
        (SELECT rowid FROM ${kind} WHERE ${condition} ORDER BY created_at LIMIT ?)`)
    this.#removeUntil = RECORD_KINDS.map((kind) => remove(kind, 'created_at <= ?'))
    this.#removeBefore = new Map(RECORD_KINDS.map((kind) => [kind, remove(kind, 'created_at < ?')]))
  }

  /** Removes about a number of the oldest rows of all kinds; returns how many were removed, 0 when there are none. */
  remove(rows: number): number {
    const limits = RECORD_KINDS.map(() => rows)
    const { time } = this.#timeOfNth.get(...limits, rows) as { time: number | null }
    return time === null ? 0 : runAll(this.#removeUntil, time, rows)
  }

  /** Removes rows of before a time, of one kind or of all, up to a number of each; returns how many were removed. */
  removeBefore(time: number, rows: number, kind: RecordKind | undefined): number {
    const one = kind === undefined ? undefined : this.#removeBefore.get(kind)
    return runAll(one === undefined ? [...this.#removeBefore.values()] : [one], time, rows)
  }
}

function runAll(statements: readonly Statement[], ...values: readonly SqlValue[]): number {
  return statements.reduce((sum, statement) => sum + Number(statement.run(...values).changes), 0)
}
