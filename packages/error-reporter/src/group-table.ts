import { CallBudget } from './call-budget.js'

/** The errors of one fingerprint. */
export interface Group {
  readonly fingerprint: string
  /** Milliseconds since 1970. */
  readonly firstSeenMs: number
  readonly lastSeenMs: number
  /** All since `firstSeenMs`. */
  readonly occurrences: number
  /** Since the last report. */
  readonly suppressed: number
}

/** What becomes of one occurrence. */
export interface Verdict {
  readonly group: Group
  /** Whether it is to be reported. */
  readonly isDue: boolean
  /** Due reports of any group that were held back by the overall limit since the last one, when this one is due. */
  readonly heldBack: number
}

/** When a group is reported. */
export interface GroupLimits {
  /** The next report comes when a group has so many times the occurrences of the last one; 1 reports each. */
  readonly growth: number
  /** A group that was quiet for so long starts anew, in milliseconds. */
  readonly quietMs: number
  /** Of all groups together; false for no limit. */
  readonly maxCallsPerMinute: number | false
  /** Groups that are remembered; the one not seen for longest goes. */
  readonly maxGroups: number
}

interface MutableGroup extends Group {
  lastSeenMs: number
  occurrences: number
  suppressed: number
  /** When it was moved to the end of the table. */
  movedMs: number
  /** Occurrences since the start or the last quiet time. */
  streak: number
  /** The streak at which the next report is due. */
  dueAt: number
}

// A storm must not move its group for each error: that makes the table rebuild itself again and again.
const MOVE_AFTER_MS = 1_000

/** Counts errors by fingerprint and decides which are reported: the 1st, 2nd, 4th, 8th ... Bounded in memory. */
export class GroupTable {
  readonly #limits: GroupLimits
  readonly #budget: CallBudget
  /** In the order in which they were last seen, by the second. */
  readonly #groups = new Map<string, MutableGroup>()
  #heldBack = 0
  #suppressed = 0

  constructor(limits: GroupLimits) {
    this.#limits = limits
    this.#budget = new CallBudget(limits.maxCallsPerMinute)
  }

  /** Counts an occurrence. */
  count(fingerprint: string, nowMs: number): Verdict {
    const group = this.#seen(fingerprint, nowMs)
    if (group.streak >= group.dueAt) {
      if (this.#budget.take(nowMs)) return this.#due(group)
      // It stays due: the next occurrence of the group asks again.
      this.#heldBack++
    }
    group.suppressed++
    this.#suppressed++
    return { group, isDue: false, heldBack: 0 }
  }

  stats(): { readonly groups: number; readonly suppressed: number } {
    return { groups: this.#groups.size, suppressed: this.#suppressed }
  }

  #due(group: MutableGroup): Verdict {
    const copy = { ...group }
    const heldBack = this.#heldBack
    group.dueAt = Math.max(group.streak + 1, Math.ceil(group.dueAt * this.#limits.growth))
    group.suppressed = 0
    this.#heldBack = 0
    return { group: copy, isDue: true, heldBack }
  }

  #seen(fingerprint: string, nowMs: number): MutableGroup {
    const known = this.#groups.get(fingerprint)
    if (known === undefined) return this.#begin(fingerprint, nowMs)
    if (Math.abs(nowMs - known.movedMs) >= MOVE_AFTER_MS) {
      this.#groups.delete(fingerprint)
      this.#groups.set(fingerprint, known)
      known.movedMs = nowMs
    }
    if (nowMs - known.lastSeenMs >= this.#limits.quietMs) {
      known.streak = 0
      known.dueAt = 1
    }
    known.streak++
    known.occurrences++
    known.lastSeenMs = nowMs
    return known
  }

  #begin(fingerprint: string, nowMs: number): MutableGroup {
    if (this.#groups.size >= this.#limits.maxGroups) {
      const [oldest] = this.#groups.keys()
      if (oldest !== undefined) this.#groups.delete(oldest)
    }
    const group: MutableGroup = {
      fingerprint,
      firstSeenMs: nowMs,
      lastSeenMs: nowMs,
      movedMs: nowMs,
      occurrences: 1,
      suppressed: 0,
      streak: 1,
      dueAt: 1,
    }
    this.#groups.set(fingerprint, group)
    return group
  }
}
