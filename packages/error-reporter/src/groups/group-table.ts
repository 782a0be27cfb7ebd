import type { Group, GroupLimits, Groups, Verdict } from './group.js'
import type { GroupState } from './group-store.js'
import { CallBudget } from './rate-limit.js'

interface MutableGroup extends Group {
  firstSeenMs: number
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
export class GroupTable implements Groups {
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

  /** Takes a verdict back that was due: the store knows that it is not. */
  withdraw({ heldBack }: Verdict): void {
    this.#budget.giveBack()
    this.#heldBack += heldBack
    this.#suppressed++
  }

  /**
   * Brings a group up to what all instances have seen; `pending` are the occurrences of this instance that are not among
   * them. While another report of it is asked for, the group does not become due sooner than it was going to.
   */
  catchUp(fingerprint: string, state: GroupState, pending: number, isAsking: boolean): void {
    const group = this.#groups.get(fingerprint)
    if (group === undefined) return
    group.firstSeenMs = state.firstSeenAt
    group.lastSeenMs = Math.max(group.lastSeenMs, state.lastSeenAt)
    group.occurrences = state.occurrences + pending
    group.suppressed = state.suppressed + pending
    group.streak = state.streak + pending
    group.dueAt = isAsking ? Math.max(group.dueAt, state.dueAt) : state.dueAt
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
