import type { CheckedAdapter } from '../checked-adapter.js'
import { RecordRefusedError } from '../errors.js'
import type { QueuedRecord, Settle } from '../queue/queued-record.js'
import type { RedactedLog } from '../redacted-log.js'
import { DeadLetters } from './dead-letters.js'
import { groupVersions, isVersion } from './version-group.js'
import { VersionSender } from './version-sender.js'
import type { MutableWriteCounts } from './write-counts.js'

/** Sends batches to the adapter; finds a refused record by halving its batch. */
export class BatchSender {
  readonly #adapter: CheckedAdapter
  readonly #counts: MutableWriteCounts
  readonly #settle: Settle
  readonly #deadLetters: DeadLetters
  readonly #versions: VersionSender

  constructor(
    adapter: CheckedAdapter,
    counts: MutableWriteCounts,
    log: RedactedLog,
    settle: Settle,
  ) {
    this.#adapter = adapter
    this.#counts = counts
    this.#settle = settle
    this.#deadLetters = new DeadLetters(adapter, counts, log)
    this.#versions = new VersionSender(adapter, this.#deadLetters, counts, log, settle)
  }

  /** Stores a batch. @throws what the adapter does when it is not available; what was stored before is settled */
  async send(entries: readonly QueuedRecord[]): Promise<void> {
    if (!entries.some(isVersion)) return this.#insert(entries)
    const { plain, groups } = groupVersions(entries)
    if (plain.length > 0) await this.#insert(plain)
    await this.#versions.send(groups)
  }

  async #insert(entries: readonly QueuedRecord[]): Promise<void> {
    try {
      await this.#adapter.insert(entries.map(({ record }) => record))
    } catch (error) {
      if (!(error instanceof RecordRefusedError)) throw error
      const [only] = entries
      if (entries.length === 1 && only !== undefined) {
        await this.#deadLetters.keep(only.record, error, 'a record is refused')
        this.#settle(entries)
        return
      }
      const half = Math.ceil(entries.length / 2)
      await this.#insert(entries.slice(0, half))
      await this.#insert(entries.slice(half))
      return
    }
    this.#counts.written += this.#settle(entries)
  }
}
