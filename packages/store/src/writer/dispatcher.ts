import { type BackoffLimits, backoffMs } from '@fastify-scs/core/kit'
import type { CheckedAdapter } from '../checked-adapter.js'
import type { Backlog } from '../queue/backlog.js'
import type { QueuedRecord } from '../queue/queued-record.js'
import type { RedactedLog } from '../redacted-log.js'
import { BatchSender } from './batch-sender.js'
import type { MutableWriteCounts } from './write-counts.js'

/** Records that are sent together, as one batch. */
export interface Batch {
  readonly entries: readonly QueuedRecord[]
  /** Place of its first record. */
  readonly order: number
  /** When it was taken from the backlog, in milliseconds since 1970. */
  readonly takenAt: number
}

/** Is called as batches are stored or fail. */
export interface DispatchListener {
  /** A batch is stored. */
  onStored(): void
  /** The adapter is not available. */
  onDown(): void
}

/** Takes batches from the backlog and sends them to the adapter; sends them again while it is not available. */
export class Dispatcher {
  readonly #adapter: CheckedAdapter
  readonly #backlog: Backlog
  readonly #counts: MutableWriteCounts
  readonly #log: RedactedLog
  readonly #listener: DispatchListener
  readonly #sender: BatchSender
  readonly #clock: RetryClock
  readonly #inFlight = new Set<Batch>()
  /** Batches that failed and are to be sent again, in their order. */
  readonly #retry: Batch[] = []
  #isOpen = false
  #isStopped = false
  /** Whether the next batch tests if the adapter is available again. */
  #isProbing = false
  #lagMs = 0

  constructor(
    adapter: CheckedAdapter,
    backlog: Backlog,
    limits: BackoffLimits,
    counts: MutableWriteCounts,
    log: RedactedLog,
    listener: DispatchListener,
  ) {
    this.#adapter = adapter
    this.#backlog = backlog
    this.#counts = counts
    this.#log = log
    this.#listener = listener
    this.#sender = new BatchSender(adapter, counts, log, (entries) => backlog.settle(entries))
    this.#clock = new RetryClock(limits, () => void this.#tryAgain())
  }

  /** Whether the adapter takes batches. */
  get isAvailable(): boolean {
    return this.#isOpen && !this.#backlog.isDown
  }

  /** Batches that are under way. */
  get batchesInFlight(): number {
    return this.#inFlight.size
  }

  /** From write to commit, of the oldest record of the batch that was stored last, in milliseconds. */
  get lagMs(): number {
    return this.#lagMs
  }

  /** Batches that were taken from the backlog and are not stored, in order. */
  get batches(): readonly Batch[] {
    return [...this.#inFlight, ...this.#retry].sort((one, other) => one.order - other.order)
  }

  /** The adapter is open: batches may leave. */
  begin(): void {
    this.#isOpen = true
    this.pump(false)
  }

  /** The adapter could not be opened: tries until it can. */
  beginLater(error: unknown): void {
    this.#goDown(error)
  }

  /** Sends batches as long as there are any and the adapter takes them; unless forced, only those that are full or due. */
  pump(isForced: boolean): void {
    if (this.#isStopped || !this.isAvailable) return
    const max = this.#isProbing ? 1 : this.#adapter.traits.maxConcurrentBatches
    while (this.#inFlight.size < max) {
      const batch = this.#retry.shift() ?? newBatch(this.#backlog.take(isForced))
      if (batch === undefined) break
      this.#inFlight.add(batch)
      void this.#send(batch)
    }
    if (this.#inFlight.size === 0) this.#goUp()
  }

  /** Sends nothing any more. */
  stop(): void {
    this.#isStopped = true
    this.#clock.stop()
  }

  async #send(batch: Batch): Promise<void> {
    try {
      await this.#sender.send(batch.entries)
      this.#inFlight.delete(batch)
      this.#lagMs = Date.now() - (batch.entries[0]?.queuedAt ?? Date.now())
      this.#goUp()
      this.#listener.onStored()
    } catch (error) {
      this.#inFlight.delete(batch)
      const entries = batch.entries.filter(({ isSettled }) => !isSettled)
      if (entries.length > 0) this.#retry.push({ ...batch, entries })
      this.#retry.sort((one, other) => one.order - other.order)
      this.#counts.retried += entries.length
      this.#goDown(error)
    }
  }

  async #tryAgain(): Promise<void> {
    try {
      if (!this.#isOpen) await this.#adapter.open()
    } catch (error) {
      return this.#goDown(error)
    }
    this.#isOpen = true
    this.#isProbing = true
    this.#backlog.isDown = false
    this.pump(true)
  }

  #goUp(): void {
    this.#clock.reset()
    if (!this.#isProbing) return
    this.#isProbing = false
    this.#log.info({}, 'the store is available again')
  }

  #goDown(error: unknown): void {
    if (this.#isStopped) return
    if (this.isAvailable && !this.#isProbing) {
      this.#log.error({ err: error }, 'the store is not available; records wait')
    }
    this.#isProbing = false
    this.#backlog.isDown = true
    this.#backlog.spill()
    this.#clock.schedule()
    this.#listener.onDown()
  }
}

function newBatch(entries: readonly QueuedRecord[]): Batch | undefined {
  const [first] = entries
  return first === undefined ? undefined : { entries, order: first.order, takenAt: Date.now() }
}

/** Calls for a new attempt after a while, and after a longer while each time until one succeeds. */
export class RetryClock {
  readonly #limits: BackoffLimits
  readonly #tryAgain: () => void
  #timer: NodeJS.Timeout | undefined
  #failures = 0

  constructor(limits: BackoffLimits, tryAgain: () => void) {
    this.#limits = limits
    this.#tryAgain = tryAgain
  }

  /** Calls back later, once. */
  schedule(): void {
    if (this.#timer !== undefined) return
    const delayMs = backoffMs(++this.#failures, this.#limits)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#tryAgain()
    }, delayMs).unref()
  }

  /** An attempt has succeeded: the next wait is a short one. */
  reset(): void {
    this.#failures = 0
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
