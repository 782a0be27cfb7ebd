import {
  type GrowthRules,
  grownStreak,
  isReportDue,
  NO_STREAK,
  nextDueAt,
  type Streak,
} from '@fastify-scs/core/kit'

/** After an hour without an occurrence the next one counts as the first again, in milliseconds. */
export const QUIET_MS = 3_600_000

const GROWTH: GrowthRules = { growth: 2, quietMs: QUIET_MS }

/** An occurrence that is to be reported. */
export interface Occurrence {
  /** Its number since the last quiet hour, from 1. */
  readonly number: number
  /** How many were counted but not reported since the last report. */
  readonly suppressed: number
}

/** Selects the occurrences that are reported: the 1st, 2nd, 4th, 8th ..., and the first after a quiet hour. */
export class OccurrenceCounter {
  #streak: Streak = NO_STREAK
  #suppressed = 0
  #lastAt = 0

  /** Counts an occurrence; undefined when it is not to be reported. `atMs` is monotonic. */
  count(atMs: number): Occurrence | undefined {
    const grown = grownStreak(this.#streak, 1, atMs - this.#lastAt, GROWTH)
    this.#streak = grown
    this.#lastAt = atMs
    if (!isReportDue(grown)) {
      this.#suppressed++
      return undefined
    }
    const suppressed = this.#suppressed
    this.#streak = { ...grown, dueAt: nextDueAt(grown, GROWTH) }
    this.#suppressed = 0
    return { number: grown.streak, suppressed }
  }

  /** Selects the occurrence that was counted last and not selected. */
  chooseLast(): Occurrence {
    const suppressed = this.#suppressed - 1
    this.#suppressed = 0
    return { number: this.#streak.streak, suppressed }
  }
}
