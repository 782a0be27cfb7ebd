import {
  type ForgetProgress,
  type ForgetStep,
  RECORD_KINDS,
  type RecordKind,
  userDigest,
} from '@fastify-scs/store/adapter'
import type { Connection, Statement } from '../driver/driver.js'
import type { LockWait } from '../file/transaction.js'
import { transact } from '../file/transaction.js'
import type { FileSize } from './quota.js'
import type { Wal } from './wal.js'
import { hasWords, WORDS_KIND, wordsTable } from './word-index.js'

/** Pages that are given back to the disk in one step. */
const VACUUM_PAGES = 500
/** Pages of the index of words that are merged in one step. */
const MERGE_PAGES = 200
/** What removing a row writes to the log, about, in bytes. */
const ROW_BYTES = 2_000

/** What is needed to forget a user. */
export interface ForgetterParts {
  readonly lockWait: LockWait
  readonly wal: Wal
  readonly size: FileSize
}

/** Forgets users, a step at a time; all calls are synchronous and belong in the writer's thread. */
export class UserForgetter {
  readonly #connection: Connection
  readonly #parts: ForgetterParts
  readonly #remove: ReadonlyMap<RecordKind, Statement>
  /** What is merged next of the index of words: everything, the rest of it, or nothing. */
  #merging: 'all' | 'rest' | 'nothing' = 'all'

  constructor(connection: Connection, parts: ForgetterParts) {
    this.#connection = connection
    this.#parts = parts
    const removeOf = (kind: RecordKind) =>
      connection.prepare(`DELETE FROM ${kind} WHERE rowid IN
        (SELECT rowid FROM ${kind} WHERE user = ? LIMIT ?)`)
    this.#remove = new Map(RECORD_KINDS.map((kind) => [kind, removeOf(kind)]))
  }

  /** Does one step. @throws what the driver throws */
  step({ user, part, pseudonym, limit }: ForgetStep): ForgetProgress {
    if (part === 'traces') return this.#removeTraces()
    if (part === 'groups') return this.#forgetInGroups(user, pseudonym, limit)
    this.#merging = 'all'
    const rows =
      part === 'dead_letters' ? this.#bury(user, limit) : this.#removeRecords(part, user, limit)
    this.#parts.wal.grew(rows * ROW_BYTES)
    return { rows, isDone: rows < limit }
  }

  #removeRecords(kind: RecordKind, user: string, limit: number): number {
    return this.#transact(() => Number(this.#remove.get(kind)?.run(user, limit).changes ?? 0))
  }

  #bury(user: string, limit: number): number {
    // Read before the lock is taken: all dead letters are looked through.
    // As text: a record may be a dead letter because its user is a number.
    const ids = this.#idsOf(
      `SELECT id FROM dead_letters
       WHERE json_valid(record) AND CAST(json_extract(record, '$.keys.user') AS TEXT) = ? LIMIT ?`,
      user,
      limit,
    )
    const remove = this.#connection.prepare('DELETE FROM dead_letters WHERE id = ?')
    if (ids.length > 0)
      this.#transact(() => {
        for (const id of ids) remove.run(id)
      })
    return ids.length
  }

  #forgetInGroups(user: string, pseudonym: string, limit: number): ForgetProgress {
    const digest = userDigest(user)
    const affected = this.#idsOf(
      'SELECT fingerprint AS id FROM group_users WHERE digest = ? LIMIT ?',
      digest,
      limit,
    )
    const decided = this.#idsOf(
      'SELECT fingerprint AS id FROM group_details WHERE assignee = ? OR changed_by = ? LIMIT ?',
      user,
      user,
      limit,
    )
    const leave = this.#connection.prepare(
      'DELETE FROM group_users WHERE fingerprint = ? AND digest = ?',
    )
    const decide = this.#connection.prepare(`UPDATE group_details SET
      assignee = nullif(assignee, ?), changed_by = CASE changed_by WHEN ? THEN ? ELSE changed_by END,
      revision = revision + 1 WHERE fingerprint = ?`)
    if (affected.length + decided.length > 0)
      this.#transact(() => {
        for (const id of affected) leave.run(id, digest)
        for (const id of decided) decide.run(user, user, pseudonym, id)
      })
    const isDone = affected.length < limit && decided.length < limit
    return { rows: affected.length + decided.length, isDone }
  }

  /**
   * The index of words keeps the words of removed rows until its parts are merged, the file keeps pages that are free, and the log
   * what was written last.
   */
  #removeTraces(): ForgetProgress {
    const { lockWait, size, wal } = this.#parts
    if (this.#merging !== 'nothing' && this.#mergeWords()) return { rows: 0, isDone: false }
    const free = size.freePages
    lockWait.do(() => this.#connection.exec(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`))
    wal.grew(VACUUM_PAGES * size.pageBytes)
    // A file of an earlier version may have been made without auto_vacuum, and gives nothing back.
    if (size.freePages > 0 && size.freePages < free) return { rows: 0, isDone: false }
    wal.truncate()
    this.#merging = 'all'
    return { rows: 0, isDone: true }
  }

  /** Merges some of the index of words; whether there was something to merge. */
  #mergeWords(): boolean {
    const isThere = hasWords(this.#connection)
    if (!isThere) {
      this.#merging = 'nothing'
      return false
    }
    const words = wordsTable(WORDS_KIND)
    // A negative number begins to merge all parts into one; FTS5's documentation of `merge`.
    const pages = this.#merging === 'all' ? -MERGE_PAGES : MERGE_PAGES
    const before = this.#changes()
    this.#transact(() =>
      this.#connection.exec(`INSERT INTO ${words} (${words}, rank) VALUES ('merge', ${pages})`),
    )
    // As the documentation says: with less than two changes nothing was merged.
    const isMerged = this.#changes() - before >= 2
    this.#merging = isMerged ? 'rest' : 'nothing'
    return isMerged
  }

  #changes(): number {
    const row = this.#connection.prepare('SELECT total_changes() AS changes').get()
    return (row as { changes: number }).changes
  }

  #idsOf(sql: string, ...values: (string | number)[]): string[] {
    const rows = this.#connection.prepare(sql).all(...values) as readonly { id: string }[]
    return rows.map(({ id }) => id)
  }

  #transact<Result>(work: () => Result): Result {
    return transact(this.#connection, this.#parts.lockWait, work)
  }
}
