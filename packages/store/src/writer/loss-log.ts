import { LineLimiter } from '@fastify-scs/core/kit'
import type { StoreLog } from '../port.js'
import type { WriteCounts } from './write-counts.js'

/** Why a record, or its bodies, are not kept. */
export type LossReason = 'pressure' | 'no record'

const MESSAGES: Readonly<Record<LossReason, string>> = {
  pressure: 'the store sheds records: it cannot keep up, or cannot be reached',
  'no record': 'what was written to the store is no record, and is not kept',
}

/** Logs that records are dropped, and why: at once, then once a second, and when the process ends. */
export class LossLog {
  readonly #log: StoreLog
  readonly #counts: WriteCounts
  readonly #lines: LineLimiter<LossReason>

  constructor(log: StoreLog, counts: WriteCounts) {
    this.#log = log
    this.#counts = counts
    this.#lines = new LineLimiter(log, {
      summarize: (heldBack) => {
        for (const reason of Object.keys(heldBack)) this.#write(reason as LossReason)
      },
    })
  }

  /** Says that a record, or its bodies, were dropped. */
  note(reason: LossReason): void {
    if (this.#lines.mayWrite(reason)) this.#write(reason)
  }

  /** Writes the line that still waits. */
  close(): void {
    this.#lines.close()
  }

  #write(reason: LossReason): void {
    const { shedBodies, shed } = this.#counts
    const bodies = reason === 'pressure' ? { shedBodies: { ...shedBodies } } : {}
    this.#log.warn({ ...bodies, shed: { ...shed } }, MESSAGES[reason])
  }
}
