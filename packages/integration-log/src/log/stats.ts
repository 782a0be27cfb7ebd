import { performance } from 'node:perf_hooks'

/** What was recorded and what was not, since the start. */
export interface IntegrationStats {
  /** Records, however often they were written. */
  readonly recorded: number
  /** Calls that have not ended. */
  readonly openCalls: number
  /**
   * Calls under way, outbound or inbound, that are watched no longer since more than 10,000 were open: they are not recorded when
   * they take long or when the service stops, only at their end, should it come.
   */
  readonly openCallsDropped: number
  /** Calls of the plugins themselves (a reporter's, a store's), which are not recorded. */
  readonly ownCallsSkipped: number
  /** Bodies that were left out because too many were waiting to be described. */
  readonly bodiesDropped: number
  /** Records that were left out because too many were waiting to be described. */
  readonly recordsDropped: number
  /** Bodies and records that could not be described; the record says so in their place. */
  readonly describeFailures: number
  /** Times that a service's `isFailure` threw, or returned neither yes or no nor a text; it counts as no. */
  readonly outcomeFailures: number
  /** Records that the store or the log did not take. */
  readonly writeFailures: number
  /** Keys that were left out of their records: another one is known to have them, or they are none. What the store finds taken it counts itself. */
  readonly keysRefused: number
}

/** The counts, as they are counted. */
export interface Counts {
  recorded: number
  openCallsDropped: number
  ownCallsSkipped: number
  bodiesDropped: number
  recordsDropped: number
  describeFailures: number
  outcomeFailures: number
  writeFailures: number
  keysRefused: number
}

/** Makes counts that stand at 0. */
export function createCounts(): Counts {
  return {
    recorded: 0,
    openCallsDropped: 0,
    ownCallsSkipped: 0,
    bodiesDropped: 0,
    recordsDropped: 0,
    describeFailures: 0,
    outcomeFailures: 0,
    writeFailures: 0,
    keysRefused: 0,
  }
}

/** Losses are logged no more often, in milliseconds. */
const LOG_EVERY_MS = 1_000

/** What can be lost when there is more than the log has room for. */
const LOSSES = ['bodiesDropped', 'recordsDropped', 'openCallsDropped'] as const

/** Losses by their names in the stats. */
export type Losses = Readonly<Record<(typeof LOSSES)[number], number>>

/** Sees to it that what is left out is not only counted: it is told once a second at most, all of that second in one line. */
export class LossLog {
  readonly #counts: Readonly<Counts>
  readonly #tell: (losses: Losses) => void
  #told: Losses = { bodiesDropped: 0, recordsDropped: 0, openCallsDropped: 0 }
  #nextAt = 0

  constructor(counts: Readonly<Counts>, tell: (losses: Losses) => void) {
    this.#counts = counts
    this.#tell = tell
  }

  /** To be called often; tells what was lost since the last time that something was told. */
  look(now: number = performance.now()): void {
    if (now < this.#nextAt || LOSSES.every((name) => this.#counts[name] === this.#told[name]))
      return
    this.#nextAt = now + LOG_EVERY_MS
    this.end()
  }

  /** Tells what was not told yet. */
  end(): void {
    const { bodiesDropped, recordsDropped, openCallsDropped } = this.#counts
    const told = this.#told
    const losses: Losses = {
      bodiesDropped: bodiesDropped - told.bodiesDropped,
      recordsDropped: recordsDropped - told.recordsDropped,
      openCallsDropped: openCallsDropped - told.openCallsDropped,
    }
    if (LOSSES.every((name) => losses[name] === 0)) return
    this.#told = { bodiesDropped, recordsDropped, openCallsDropped }
    this.#tell(losses)
  }
}
