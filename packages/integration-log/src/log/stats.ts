import { performance } from 'node:perf_hooks'

/** Counts of what was recorded and what was not, since the start. */
export interface IntegrationStats {
  /** Records; one that was written several times counts once. */
  readonly recorded: number
  /** Calls that have not ended. */
  readonly openCalls: number
  /**
   * Open calls, outbound or inbound, that are no longer watched because more than 10,000 were open. They are recorded only when
   * they end, not when they are slow or when the service stops.
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
  /** How often a service's `isFailure` threw, or returned neither a boolean nor a text; it then counts as false. */
  readonly outcomeFailures: number
  /** Records that the store or the log did not take. */
  readonly writeFailures: number
  /** Keys that were left out of their records because they were taken or invalid. The store counts those that it finds taken itself. */
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

/** Shortest time between two lines, in milliseconds. */
const LOG_EVERY_MS = 1_000

/** The counts of what is dropped because too much waits. */
const LOSSES = ['bodiesDropped', 'recordsDropped', 'openCallsDropped'] as const

/** What was dropped, by its names in the stats. */
export type Losses = Readonly<Record<(typeof LOSSES)[number], number>>

/** Logs what was dropped, once a second at most, with all losses of that second in one line. */
export class LossLog {
  readonly #counts: Readonly<Counts>
  readonly #tell: (losses: Losses) => void
  #told: Losses = { bodiesDropped: 0, recordsDropped: 0, openCallsDropped: 0 }
  #nextAt = 0

  constructor(counts: Readonly<Counts>, tell: (losses: Losses) => void) {
    this.#counts = counts
    this.#tell = tell
  }

  /** Logs the losses since the last line, unless that was less than a second ago. Call it often. */
  look(now: number = performance.now()): void {
    if (now < this.#nextAt || LOSSES.every((name) => this.#counts[name] === this.#told[name]))
      return
    this.#nextAt = now + LOG_EVERY_MS
    this.end()
  }

  /** Logs the losses that were not logged yet. */
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
