import { onProcessEnd } from '@fastify-scs/core/kit'
import type { StoreLog } from '../port.js'
import type { WriteCounts } from './write-counts.js'

/** Between two lines about records that were shed, in milliseconds. */
export const LOSS_LOG_MS = 1_000

/** Why a record, or its bodies, are not kept. */
export type LossReason = 'pressure' | 'no record'

const MESSAGES: Readonly<Record<LossReason, string>> = {
  pressure: 'the store sheds records: it cannot keep up, or cannot be reached',
  'no record': 'what was written to the store is no record, and is not kept',
}

/** Logs what is shed and why, at most once a second. */
export class LossLog {
  readonly #log: StoreLog
  readonly #counts: WriteCounts
  /** What was not told yet. */
  readonly #reasons = new Set<LossReason>()
  #timer: NodeJS.Timeout | undefined
  #forget: (() => void) | undefined
  #lastMs = Number.NEGATIVE_INFINITY

  constructor(log: StoreLog, counts: WriteCounts) {
    this.#log = log
    this.#counts = counts
  }

  /** Says that something was shed; the line comes now, or when the second is over, or when the process ends. */
  note(reason: LossReason): void {
    this.#reasons.add(reason)
    if (this.#timer !== undefined) return
    const waitMs = this.#lastMs + LOSS_LOG_MS - performance.now()
    if (waitMs <= 0) this.#write()
    else {
      this.#timer = setTimeout(() => this.#write(), waitMs).unref()
      this.#forget = onProcessEnd(() => this.close(), this.#log)
    }
  }

  /** Writes the line that still waits. */
  close(): void {
    if (this.#timer !== undefined) this.#write()
  }

  #write(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#forget?.()
    this.#forget = undefined
    this.#lastMs = performance.now()
    const { shedBodies, shed } = this.#counts
    for (const reason of this.#reasons) {
      const bodies = reason === 'pressure' ? { shedBodies: { ...shedBodies } } : {}
      this.#log.warn({ ...bodies, shed: { ...shed } }, MESSAGES[reason])
    }
    this.#reasons.clear()
  }
}

/** Between two lines of one kind, in milliseconds. */
const LOG_EVERY_MS = 1_000

/** Lets a line of one kind be logged once a second at most. */
export class LineLimit {
  #loggedMs = Number.NEGATIVE_INFINITY

  /** Whether the line may be logged now; if so, the next one may not for a second. */
  mayLog(): boolean {
    if (performance.now() - this.#loggedMs < LOG_EVERY_MS) return false
    this.#loggedMs = performance.now()
    return true
  }
}
