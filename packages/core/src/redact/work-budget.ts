/**
 * Units of a budget that is not given: some 10 ms of CPU for the worst text, more in code that has not run before (measured in
 * docs/decisions/redaction.md). A unit is a character that is read with care; those that are passed over cost a small part.
 */
export const DEFAULT_WORK_UNITS = 80_000

/**
 * How much work redaction may do, counted in operations and never by the clock, so that the same text always gives the same
 * result. One budget serves all calls for one request; once it is spent the rest is replaced by a marker.
 */
export class WorkBudget {
  /** Whether a text was met that looked like JSON and was none: the next ones are checked before they are parsed. */
  hasMetBadJson = false
  #left: number
  #spent = 0

  /** @param units Characters that may be read with care. @default 80_000 */
  constructor(units: number = DEFAULT_WORK_UNITS) {
    this.#left = units
  }

  /** Takes units off, fractions too; false once nothing is left, and then the work is not to be done. */
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

  /** Whether nothing is left. */
  get isSpent(): boolean {
    return this.#left <= 0
  }

  /** Units that were asked for so far, those beyond the budget included. */
  get spentUnits(): number {
    return this.#spent
  }
}
