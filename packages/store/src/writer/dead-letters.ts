import { type StoreRecord, toJsonValue } from '@fastify-scs/core/kit'
import type { CheckedAdapter } from '../checked-adapter.js'
import { RecordRefusedError } from '../errors.js'
import type { RedactedLog } from '../redacted-log.js'
import type { MutableWriteCounts } from './write-counts.js'

/** Keeps records that the database refuses as dead letters, with the reason. */
export class DeadLetters {
  readonly #adapter: CheckedAdapter
  readonly #counts: MutableWriteCounts
  readonly #log: RedactedLog

  constructor(adapter: CheckedAdapter, counts: MutableWriteCounts, log: RedactedLog) {
    this.#adapter = adapter
    this.#counts = counts
    this.#log = log
  }

  /** Stores a record as a dead letter. @throws what the adapter does when it is not available */
  async keep(record: StoreRecord, error: Error, message: string): Promise<void> {
    const { kind, id } = record
    try {
      await this.#adapter.insertDeadLetter(plain(record), this.#log.redact(error.message))
      this.#counts.deadLettered++
      this.#log.error({ err: error, kind, id }, `${message}; it is with the dead letters`)
    } catch (refusal) {
      if (!(refusal instanceof RecordRefusedError)) throw refusal
      if (kind in this.#counts.shed) this.#counts.shed[kind]++
      this.#log.error({ err: refusal, kind, id }, `${message}, by the dead letters too; it is lost`)
    }
  }
}

/** JSON data, which every adapter can store, whatever the record is made of. */
function plain(record: StoreRecord): StoreRecord {
  return toJsonValue(record) as unknown as StoreRecord
}
