import type { CheckedAdapter } from './checked-adapter.js'
import type { RetentionLimits, StoreLog } from './port.js'

/** Which records are removed, and when. */
export interface RetentionPolicy {
  /** Days that records are kept, or false for ever. */
  readonly retentionDays: number | false
  /** Days that the calls of routes are kept, or false for as long as other records. */
  readonly routeStatsDays: number | false
  /** Bytes at which the oldest records go, or false for no limit. */
  readonly maxBytes: number | false
  /** Between two checks, in milliseconds. */
  readonly pruneEveryMs: number
}

const DAY_MS = 86_400_000

/** The limits that remove what is older than a number of days. */
export function olderThanDays(days: number): RetentionLimits {
  return { olderThan: Date.now() - days * DAY_MS }
}

/** Removes what is too old or too much, at intervals; no request waits for it. */
export class Retention {
  readonly #adapter: CheckedAdapter
  readonly #policy: RetentionPolicy
  readonly #log: StoreLog
  #timer: NodeJS.Timeout | undefined
  #isRunning = false
  #isStopped = false
  #pruned = 0

  constructor(adapter: CheckedAdapter, policy: RetentionPolicy, log: StoreLog) {
    this.#adapter = adapter
    this.#policy = policy
    this.#log = log
  }

  /** Records that were removed. */
  get pruned(): number {
    return this.#pruned
  }

  /** Counts records that made room for new ones while these were written. */
  countRemoved(records: number): void {
    this.#pruned += records
  }

  start(): void {
    const { pruneEveryMs } = this.#policy
    if (!this.#mayRemove()) return
    this.#timer = setInterval(() => void this.#check(), pruneEveryMs).unref()
  }

  /** Removes what the limits name, and counts it. */
  async prune(limits: RetentionLimits): Promise<number> {
    const removed = await this.#adapter.prune(limits)
    this.countRemoved(removed)
    return removed
  }

  /** Stops; a removal that is under way ends when its adapter is closed. */
  stop(): void {
    this.#isStopped = true
    clearInterval(this.#timer)
  }

  #mayRemove(): boolean {
    const { retentionDays, routeStatsDays, maxBytes } = this.#policy
    return retentionDays !== false || routeStatsDays !== false || maxBytes !== false
  }

  async #check(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    await this.#pruneByPolicy()
    this.#isRunning = false
  }

  async #pruneByPolicy(): Promise<void> {
    const { retentionDays, routeStatsDays, maxBytes } = this.#policy
    try {
      if (routeStatsDays !== false)
        await this.prune({ ...olderThanDays(routeStatsDays), kind: 'route_stats' })
      if (retentionDays === false && maxBytes === false) return
      await this.prune({
        ...(retentionDays === false ? {} : olderThanDays(retentionDays)),
        ...(maxBytes === false ? {} : { maxBytes }),
      })
    } catch (error) {
      // The next check tries again; the writer logs that the database is away.
      if (!this.#isStopped) this.#log.warn({ err: error }, 'the store could not remove old records')
    }
  }
}
