/**
 * Units of the default budget: about 10 ms of CPU for the worst text, more in code that has not been optimised yet (measured in
 * docs/decisions/redaction.md). A unit is the work for one character that is examined; a character that is only skipped costs
 * a fraction.
 */
export const DEFAULT_WORK_UNITS = 80_000

/**
 * Limits the work of redaction. It counts operations and not time, so that the same text always gives the same result. All
 * calls for one request can share a budget; once it is spent, the rest is replaced by a marker.
 */
export class WorkBudget {
  /** Whether a text that looked like JSON could not be parsed. If so, the next texts are checked before they are parsed. */
  hasMetBadJson = false
  #left: number
  #spent = 0

  /** @param units The work that may be done; one unit is the work for one examined character. @default 80_000 */
  constructor(units: number = DEFAULT_WORK_UNITS) {
    this.#left = units
  }

  /** Subtracts units, which may be fractions. Returns false once nothing is left; then the work must not be done. */
  spend(units: number): boolean {
    this.#spent += units
    this.#left -= units
    return this.#left > 0
  }

  /** A budget of its own with a share of what is left, 0 to 1; `settle` takes off what it has spent. */
  share(share: number): WorkBudget {
    const part = new WorkBudget(this.#left * share)
    part.hasMetBadJson = this.hasMetBadJson
    return part
  }

  /** Takes off what was done on a share: no more than the share had, whatever was asked of it. */
  settle(part: WorkBudget): void {
    this.spend(part.#spent + Math.min(0, part.#left))
    this.hasMetBadJson ||= part.hasMetBadJson
  }

  /** Whether so many units are left; takes none. */
  affords(units: number): boolean {
    return units < this.#left
  }

  /** Whether no units are left. */
  get isSpent(): boolean {
    return this.#left <= 0
  }

  /** All units spent so far, including those beyond the budget. */
  get spentUnits(): number {
    return this.#spent
  }
}
