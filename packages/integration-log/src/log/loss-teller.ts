import { performance } from 'node:perf_hooks'
import type { Counts } from './stats.js'

/** Losses are logged no more often, in milliseconds. */
const TELL_EVERY_MS = 1_000

/** What can be lost when there is more than the log has room for. */
const LOSSES = ['bodiesDropped', 'recordsDropped', 'openCallsDropped'] as const

/** Losses by their names in the stats. */
export type Losses = Readonly<Record<(typeof LOSSES)[number], number>>

/** Sees to it that what is left out is not only counted: it is told once a second at most, all of that second in one line. */
export class LossTeller {
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
    this.#nextAt = now + TELL_EVERY_MS
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
