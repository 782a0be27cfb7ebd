import type { StoreRecord } from '@fastify-scs/core/kit'
import { isKind } from '../read/filter.js'
import type { RedactedLog } from '../redacted-log.js'
import type { MutableWriteCounts } from './write-counts.js'

/** Takes what is written to a store that only reads: counts it as dropped, and logs that once. */
export class RefusedWrites {
  readonly #counts: MutableWriteCounts
  readonly #log: RedactedLog
  #isTold = false

  constructor(counts: MutableWriteCounts, log: RedactedLog) {
    this.#counts = counts
    this.#log = log
  }

  /** Counts a record; never throws. */
  write(record: StoreRecord): void {
    const { kind } = (record ?? {}) as Partial<StoreRecord>
    if (isKind(kind)) this.#counts.shed[kind]++
    if (this.#isTold) return
    this.#isTold = true
    this.#log.warn(
      { kind: isKind(kind) ? kind : null },
      'a record was written to a store that was opened with readOnly; it is not kept, nor are those that follow',
    )
  }
}
