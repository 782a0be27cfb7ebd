import type { StoreLog } from './port.js'
import type { WriteCounts } from './write-counts.js'

/** Between two lines about records that were shed, in milliseconds. */
export const SHED_LOG_MS = 1_000

/** Logs what is shed, at most once a second. */
export class ShedLog {
  readonly #log: StoreLog
  readonly #counts: WriteCounts
  #timer: NodeJS.Timeout | undefined
  #lastMs = Number.NEGATIVE_INFINITY

  constructor(log: StoreLog, counts: WriteCounts) {
    this.#log = log
    this.#counts = counts
  }

  /** Says that something was shed; the line comes now, or when the second is over. */
  note(): void {
    if (this.#timer !== undefined) return
    const waitMs = this.#lastMs + SHED_LOG_MS - performance.now()
    if (waitMs <= 0) this.#write()
    else this.#timer = setTimeout(() => this.#write(), waitMs).unref()
  }

  /** Writes the line that still waits. */
  close(): void {
    if (this.#timer !== undefined) this.#write()
  }

  #write(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#lastMs = performance.now()
    const { shedBodies, shed } = this.#counts
    const details = { shedBodies: { ...shedBodies }, shed: { ...shed } }
    this.#log.warn(details, 'the store sheds records: it cannot keep up, or cannot be reached')
  }
}
