import {
  type ExpectedVersion,
  type StoreRecord,
  storableJson,
  storableText,
  toRow,
  type UnkeptVersion,
} from '@fastify-scs/store/adapter'
import type { Connection, Statement } from '../driver/driver.js'
import { ENGINE } from '../failure.js'
import type { LockWait } from '../file/transaction.js'
import { transact } from '../file/transaction.js'
import type { Quota } from './quota.js'
import { RecordRows } from './record-rows.js'
import type { Wal } from './wal.js'
import type { WordIndex } from './word-index.js'

const REASON_MAX_CHARS = 2_048

/** A batch, and whether records of it that others change too are merged with what is stored. */
export interface WrittenBatch {
  readonly batch: readonly StoreRecord[]
  readonly mergesVersions?: boolean
}

/** What a writer needs. */
export interface WriterParts {
  readonly lockWait: LockWait
  readonly wal: Wal
  readonly quota: Quota | undefined
  readonly words: WordIndex | undefined
}

/** What was done with versions. */
export interface SetVersions {
  readonly unkept: readonly UnkeptVersion[]
  /** How many of the oldest records were removed for those that were stored. */
  readonly removed: number
}

/** Writes to the file; all calls are synchronous and belong in a worker thread. */
export class FileWriter {
  readonly #connection: Connection
  readonly #lockWait: LockWait
  readonly #wal: Wal
  readonly #quota: Quota | undefined
  readonly #rows: RecordRows
  readonly #insertDeadLetter: Statement

  constructor(connection: Connection, { lockWait, wal, quota, words }: WriterParts) {
    this.#connection = connection
    this.#lockWait = lockWait
    this.#wal = wal
    this.#quota = quota
    this.#rows = new RecordRows(connection, words)
    this.#insertDeadLetter =
      connection.prepare(`INSERT INTO dead_letters (id, buried_at, kind, reason, record)
      VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`)
  }

  /**
   * Writes batches in one transaction: all of them or none. Returns how many of the oldest records were removed for them.
   *
   * @throws what the driver throws; RecordRefusedError
   */
  insert(batches: readonly WrittenBatch[]): number {
    return this.#write(() => {
      let bytes = 0
      for (const { batch, mergesVersions } of batches) {
        for (const record of batch)
          bytes += mergesVersions === true ? this.#rows.putMerged(record) : this.#rows.put(record)
      }
      return bytes
    })
  }

  /** Stores the versions that can be stored in one transaction. @throws what the driver throws; RecordRefusedError */
  compareAndSet(versions: readonly ExpectedVersion[]): SetVersions {
    const rows = versions.map((version) => ({ version, row: toRow(ENGINE, version.record) }))
    const unkept: UnkeptVersion[] = []
    const removed = this.#write(() => {
      let bytes = 0
      for (const { version, row } of rows) {
        const kept = this.#rows.compareAndSet(version, row)
        if (typeof kept === 'number') bytes += kept
        else unkept.push(kept)
      }
      return bytes
    })
    return { unkept, removed }
  }

  /** Stores a dead letter, whatever the record holds. */
  insertDeadLetter(record: StoreRecord, reason: string): void {
    const { id, kind } = record
    const values = [
      storableText(String(id)),
      Date.now(),
      storableText(String(kind)),
      storableText(reason, REASON_MAX_CHARS),
      storableJson(record),
    ]
    this.#lockWait.do(() => this.#insertDeadLetter.run(...values))
  }

  /** Does work in a transaction, which returns how many bytes it wrote, and makes room for them; returns how many records were removed. */
  #write(work: () => number): number {
    let bytes = 0
    const removed = transact(this.#connection, this.#lockWait, () => {
      const usedBefore = this.#quota?.usedBytes ?? 0
      bytes = work()
      return this.#quota?.makeRoom(usedBefore) ?? 0
    })
    this.#wal.grew(bytes)
    return removed
  }
}
