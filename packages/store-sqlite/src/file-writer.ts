import {
  RECORD_KINDS,
  type RecordKind,
  type RecordRow,
  type StoreRecord,
  storableJson,
  storableText,
  toRow,
} from '@fastify-scs/store/adapter'
import { COLUMNS, upsertSql } from './columns.js'
import type { Connection, Statement } from './driver/driver.js'
import { ENGINE } from './engine.js'
import type { LockWait } from './lock-wait.js'
import type { Quota } from './quota.js'
import { transact } from './transact.js'
import type { Wal } from './wal.js'

const REASON_MAX_CHARS = 2_048

/** Writes into the file; all calls are synchronous and belong into a thread of their own. */
export class FileWriter {
  readonly #connection: Connection
  readonly #lockWait: LockWait
  readonly #wal: Wal
  readonly #quota: Quota | undefined
  readonly #upserts: Readonly<Record<RecordKind, Statement>>
  readonly #bury: Statement

  constructor(connection: Connection, lockWait: LockWait, wal: Wal, quota: Quota | undefined) {
    this.#connection = connection
    this.#lockWait = lockWait
    this.#wal = wal
    this.#quota = quota
    const upserts = RECORD_KINDS.map((kind) => [kind, connection.prepare(upsertSql(kind))])
    this.#upserts = Object.fromEntries(upserts) as Record<RecordKind, Statement>
    this.#bury = connection.prepare(`INSERT INTO dead_letters (id, buried_at, kind, reason, record)
      VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`)
  }

  /**
   * Writes batches in one transaction: all of them or nothing. Returns how many of the oldest records went for them.
   *
   * @throws what the driver throws; RecordRefusedError
   */
  insert(batches: readonly (readonly StoreRecord[])[]): number {
    let bytes = 0
    const removed = transact(this.#connection, this.#lockWait, () => {
      const usedBefore = this.#quota?.usedBytes ?? 0
      for (const batch of batches) {
        for (const record of batch) bytes += this.#put(record.kind, toRow(ENGINE, record))
      }
      return this.#quota?.makeRoom(usedBefore) ?? 0
    })
    this.#wal.grew(bytes)
    return removed
  }

  /** Puts a record aside; whatever it holds, as far as it can be written. */
  bury(record: StoreRecord, reason: string): void {
    const { id, kind } = record
    const values = [
      storableText(String(id)),
      Date.now(),
      storableText(String(kind)),
      storableText(reason, REASON_MAX_CHARS),
      storableJson(record),
    ]
    this.#lockWait.do(() => this.#bury.run(...values))
  }

  #put(kind: RecordKind, row: RecordRow): number {
    this.#upserts[kind].run(...COLUMNS.map(([, field]) => row[field]))
    return row.data.length
  }
}
