import { toJsonValue } from '@fastify-scs/core'
import { RecordRefusedError } from './errors.js'
import type { StoreAdapter } from './port.js'
import type { StoreRecord } from './record.js'
import type { QueuedRecord } from './record-queue.js'
import type { RedactedLog } from './redacted-log.js'
import type { MutableWriteCounts } from './write-counts.js'

/** Called with records that need no further care: they are stored, or with the dead letters. */
export type Settle = (entries: readonly QueuedRecord[]) => void

/** Hands batches to the adapter; isolates a record that is refused by halving its batch. */
export class BatchSender {
  readonly #adapter: StoreAdapter
  readonly #counts: MutableWriteCounts
  readonly #log: RedactedLog
  readonly #settle: Settle

  constructor(adapter: StoreAdapter, counts: MutableWriteCounts, log: RedactedLog, settle: Settle) {
    this.#adapter = adapter
    this.#counts = counts
    this.#log = log
    this.#settle = settle
  }

  /** Stores a batch. @throws what the adapter does when it is not available; records stored till then are settled */
  async send(entries: readonly QueuedRecord[]): Promise<void> {
    try {
      await this.#adapter.insert(entries.map(({ record }) => record))
    } catch (error) {
      if (!(error instanceof RecordRefusedError)) throw error
      const [only] = entries
      if (entries.length === 1 && only !== undefined) return this.#bury(only, error)
      const half = Math.ceil(entries.length / 2)
      await this.send(entries.slice(0, half))
      await this.send(entries.slice(half))
      return
    }
    this.#counts.written += entries.length
    this.#settle(entries)
  }

  async #bury(entry: QueuedRecord, refusal: Error): Promise<void> {
    const { kind, id } = entry.record
    try {
      await this.#adapter.bury(plain(entry.record), this.#log.redact(refusal.message))
      this.#counts.deadLettered++
      this.#log.error(
        { err: refusal, kind, id },
        'a record is refused; it is with the dead letters',
      )
    } catch (error) {
      if (!(error instanceof RecordRefusedError)) throw error
      if (kind in this.#counts.shed) this.#counts.shed[kind]++
      this.#log.error(
        { err: error, kind, id },
        'a record is refused, by the dead letters too; it is lost',
      )
    }
    this.#settle([entry])
  }
}

/** Plain data, which every adapter can send and keep, whatever the record is made of. */
function plain(record: StoreRecord): StoreRecord {
  return toJsonValue(record) as unknown as StoreRecord
}
