import { onProcessEnd, type StoreRecord } from '@fastify-scs/core/kit'
import type { OutboxBreaker } from '../outbox/breaker.js'
import type { RedactedLog } from '../redacted-log.js'
import type { MutableWriteCounts } from './write-counts.js'

/** Keeps records that are written after the store has closed in the outbox, for the next start. */
export class AfterCloseRecords {
  readonly #outbox: OutboxBreaker
  readonly #counts: MutableWriteCounts
  readonly #log: RedactedLog
  #isKeptTold = false
  #lost = 0

  constructor(outbox: OutboxBreaker, counts: MutableWriteCounts, log: RedactedLog) {
    this.#outbox = outbox
    this.#counts = counts
    this.#log = log
  }

  /** Keeps a record synchronously, or counts it as lost; never throws. */
  take(record: StoreRecord): void {
    const { kept, lost } = this.#counts.afterClose
    if (this.#outbox.appendLate(record)) {
      kept[record.kind]++
      this.#counts.spilled++
      this.#tellKept()
    } else {
      lost[record.kind]++
      this.#counts.shed[record.kind]++
      this.#tellLost()
    }
  }

  #tellKept(): void {
    if (this.#isKeptTold) return
    this.#isKeptTold = true
    this.#log.info(
      {},
      'records are written after the store had closed; they are in the outbox, and the next start stores them',
    )
  }

  /** Logs at once, and once more when the process ends, with the final counts. */
  #tellLost(): void {
    if (this.#lost++ > 0) return
    this.#writeLost()
    const forget = onProcessEnd(() => {
      forget()
      if (this.#lost > 1) this.#writeLost()
    }, this.#log)
  }

  #writeLost(): void {
    this.#log.warn(
      { lost: { ...this.#counts.afterClose.lost } },
      'records were written after the store had closed, and are not kept: no outbox takes them. What writes them ends after the store, as an onClose hook that was added before the store was registered does',
    )
  }
}
