import type { RetentionLimits, StoreAdapter, StoreLog } from './port.js'

/** What retention keeps to. */
export interface RetentionPolicy {
  /** Days that records are kept, or false for ever. */
  readonly retentionDays: number | false
  /** Bytes at which the oldest records go, or false for no limit. */
  readonly maxBytes: number | false
  /** Between two looks, in milliseconds. */
  readonly pruneEveryMs: number
}

const DAY_MS = 86_400_000

/** The limits of a number of days. */
export function olderThanDays(days: number): RetentionLimits {
  return { olderThan: Date.now() - days * DAY_MS }
}

/** Removes what is too old or too much, now and then, off every request's path. */
export class Retention {
  readonly #adapter: StoreAdapter
  readonly #policy: RetentionPolicy
  readonly #log: StoreLog
  #timer: NodeJS.Timeout | undefined
  #isRunning = false
  #isStopped = false
  #pruned = 0

  /** Before the adapter is opened. */
  constructor(adapter: StoreAdapter, policy: RetentionPolicy, log: StoreLog) {
    this.#adapter = adapter
    this.#policy = policy
    this.#log = log
    if (policy.maxBytes === false) return
    adapter.keepWithin?.(policy.maxBytes, (records) => {
      this.#pruned += records
    })
  }

  /** Records that were removed. */
  get pruned(): number {
    return this.#pruned
  }

  start(): void {
    const { retentionDays, maxBytes, pruneEveryMs } = this.#policy
    if (retentionDays === false && maxBytes === false) return
    this.#timer = setInterval(() => void this.#look(), pruneEveryMs).unref()
  }

  /** Removes what limits name, and counts it. */
  async prune(limits: RetentionLimits): Promise<number> {
    const removed = await this.#adapter.prune(limits)
    this.#pruned += removed
    return removed
  }

  /** Looks no more; a removal that is under way ends with its adapter. */
  stop(): void {
    this.#isStopped = true
    clearInterval(this.#timer)
  }

  async #look(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    await this.#pruneByPolicy()
    this.#isRunning = false
  }

  async #pruneByPolicy(): Promise<void> {
    const { retentionDays, maxBytes } = this.#policy
    try {
      await this.prune({
        ...(retentionDays === false ? {} : olderThanDays(retentionDays)),
        ...(maxBytes === false ? {} : { maxBytes }),
      })
    } catch (error) {
      // The next look tries again; that the database is away is logged by the writer as well.
      if (!this.#isStopped) this.#log.warn({ err: error }, 'the store could not remove old records')
    }
  }
}
