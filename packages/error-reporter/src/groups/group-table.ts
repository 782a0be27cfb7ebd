import {
  type GroupState,
  type GroupStatus,
  type GrowthRules,
  grownStreak,
  isReportDue,
  NO_STREAK,
  nextDueAt,
} from '@fastify-scs/core/kit'
import { RateLimit } from './rate-limit.js'
import type { Group, Verdict } from './verdict.js'

/** When a group is reported. */
export interface GroupLimits extends GrowthRules {
  /** Reports of all groups in any 60 seconds; false for no limit. */
  readonly maxCallsPerMinute: number | false
  /** Groups that are remembered; with more, the one not seen for longest is forgotten. */
  readonly maxGroups: number
}

interface MutableGroup extends Group {
  firstSeenMs: number
  lastSeenMs: number
  occurrences: number
  suppressed: number
  status: GroupStatus
  isRegression: boolean
  /** Whether its mute was over, or it had regressed, when the store was heard of last, which no report of any instance has told yet. */
  isReopened: boolean
  /** Whether the caller chooses which of its occurrences are reported. */
  isChosen: boolean
  /** When it was moved to the end of the table. */
  movedMs: number
  /** Occurrences since the last quiet time. */
  streak: number
  /** The streak at which the next report is due. */
  dueAt: number
}

/** A group is moved to the end of the table once a second at most: moving it for each error of a storm makes the Map rebuild itself again and again. */
const MOVE_AFTER_MS = 1_000

/** Counts the errors of this instance and decides which are reported: the 1st, 2nd, 4th, 8th ... of each group. Bounded. */
export class GroupTable {
  readonly #limits: GroupLimits
  readonly #reportRate: RateLimit
  /** In the order in which they were last seen, to the second. */
  readonly #groups = new Map<string, MutableGroup>()
  #heldBack = 0
  #suppressed = 0

  constructor(limits: GroupLimits) {
    this.#limits = limits
    this.#reportRate = new RateLimit(limits.maxCallsPerMinute)
  }

  count(fingerprint: string, nowMs: number): Verdict {
    const group = this.#seen(fingerprint, nowMs, 1)
    return isReportDue(group) ? this.#dueNow(group, nowMs) : this.#suppress(group)
  }

  /**
   * Counts occurrences of which the caller has chosen the last one to be reported: the growth rule is not applied a second time.
   *
   * @param occurrences 0 where they were counted before
   */
  countChosen(fingerprint: string, nowMs: number, occurrences: number): Verdict {
    const group = this.#seen(fingerprint, nowMs, occurrences)
    const unreported = Math.max(0, occurrences - 1)
    group.isChosen = true
    group.suppressed += unreported
    this.#suppressed += unreported
    return this.#dueNow(group, nowMs)
  }

  /** Counts an occurrence that its caller does not report. */
  countUnreported(fingerprint: string, nowMs: number): Verdict {
    const group = this.#seen(fingerprint, nowMs, 1)
    group.isChosen = true
    return this.#suppress(group)
  }

  /** Whether a group has regressed, or is no longer muted, and no report has told it yet. */
  isReopened(fingerprint: string): boolean {
    const group = this.#groups.get(fingerprint)
    return group !== undefined && (group.isRegression || group.isReopened)
  }

  /** The verdict on an occurrence that was suppressed and is to be reported after all; undefined when the limit a minute holds it back. */
  dueLate(fingerprint: string, nowMs: number): Verdict | undefined {
    const group = this.#groups.get(fingerprint)
    if (group === undefined || !this.isReopened(fingerprint)) return undefined
    if (!this.#mayReport(group, nowMs)) {
      this.#heldBack++
      return undefined
    }
    group.suppressed = Math.max(0, group.suppressed - 1)
    this.#suppressed--
    return this.#due(group)
  }

  /** Whether a group has regressed and no report has told it yet; from now on one has. */
  takeRegression(fingerprint: string): boolean {
    const group = this.#groups.get(fingerprint)
    if (group?.isRegression !== true) return false
    group.isRegression = false
    return true
  }

  /** Takes a verdict back that was due here and is not due for all instances together. */
  withdraw({ heldBack }: Verdict): void {
    this.#reportRate.giveBack()
    this.#heldBack += heldBack
    this.#suppressed++
  }

  /**
   * Brings a group up to what all instances have seen; `pending` are the occurrences of this instance that are not in
   * `state` yet. While the store is asked about another report of the group, the next one does not become due sooner.
   */
  catchUp(fingerprint: string, state: GroupState, pending: number, isAsking: boolean): void {
    const group = this.#groups.get(fingerprint)
    if (group === undefined) return
    group.firstSeenMs = state.firstSeenAt
    group.lastSeenMs = Math.max(group.lastSeenMs, state.lastSeenAt)
    group.occurrences = state.occurrences + pending
    // The store does not know which of them a caller has chosen to be reported.
    if (!group.isChosen) group.suppressed = state.suppressed + pending
    group.streak = state.streak + pending
    group.dueAt = isAsking ? Math.max(group.dueAt, state.dueAt) : state.dueAt
    const isMuted = state.status === 'muted'
    const isOverdue = !isMuted && isReportDue(state)
    // That it has regressed may have been told to an instance that did not get the answer, so it is seen from the status too.
    const hasReopened =
      state.status !== group.status && (group.status === 'muted' || state.status === 'regressed')
    group.isReopened = isOverdue && (group.isReopened || hasReopened)
    group.isRegression = !isMuted && (group.isRegression || state.isRegression)
    group.status = state.status
    // Its report stays due in the store; here it must not, or each further occurrence would ask the store.
    if (isMuted)
      group.dueAt = nextDueAt({ streak: group.streak, dueAt: group.streak }, this.#limits)
  }

  stats(): { readonly groups: number; readonly suppressed: number } {
    return { groups: this.#groups.size, suppressed: this.#suppressed }
  }

  #dueNow(group: MutableGroup, nowMs: number): Verdict {
    if (this.#mayReport(group, nowMs)) return this.#due(group)
    // It stays due: the next occurrence of the group asks again.
    this.#heldBack++
    return this.#suppress(group)
  }

  /** Whether the limit a minute allows a report. It holds no regression back: of each group that was resolved there is one at most. */
  #mayReport({ isRegression }: Group, nowMs: number): boolean {
    if (!isRegression) return this.#reportRate.take(nowMs)
    this.#reportRate.count(nowMs)
    return true
  }

  #suppress(group: MutableGroup): Verdict {
    group.suppressed++
    this.#suppressed++
    return { group, isDue: false, heldBack: 0 }
  }

  #due(group: MutableGroup): Verdict {
    const copy = { ...group }
    const heldBack = this.#heldBack
    group.dueAt = nextDueAt(group, this.#limits)
    group.suppressed = 0
    group.isReopened = false
    this.#heldBack = 0
    return { group: copy, isDue: true, heldBack }
  }

  #seen(fingerprint: string, nowMs: number, occurrences: number): MutableGroup {
    const group = this.#groups.get(fingerprint) ?? this.#begin(fingerprint, nowMs)
    if (Math.abs(nowMs - group.movedMs) >= MOVE_AFTER_MS) {
      this.#groups.delete(fingerprint)
      this.#groups.set(fingerprint, group)
      group.movedMs = nowMs
    }
    const sinceLastMs = nowMs - group.lastSeenMs
    const { streak, dueAt } = grownStreak(group, occurrences, sinceLastMs, this.#limits)
    group.streak = streak
    group.dueAt = dueAt
    group.occurrences += occurrences
    group.lastSeenMs = nowMs
    return group
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
      occurrences: 0,
      suppressed: 0,
      status: 'open',
      isRegression: false,
      isReopened: false,
      isChosen: false,
      ...NO_STREAK,
    }
    this.#groups.set(fingerprint, group)
    return group
  }
}
