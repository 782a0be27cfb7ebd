/** How occurrences of one thing are thinned out. */
export interface GrowthRules {
  /** The next report is due at so many times the occurrences of the last one; 1 reports each. From 1. */
  readonly growth: number
  /** After so long without an occurrence the next one counts as the first again, in milliseconds. */
  readonly quietMs: number
}

/** The occurrences of one thing since the last quiet time. */
export interface Streak {
  /** Occurrences since the last quiet time. */
  readonly streak: number
  /** The occurrence at which the next report is due. */
  readonly dueAt: number
}

/** The streak of a thing that has not occurred yet. */
export const NO_STREAK: Streak = { streak: 0, dueAt: 1 }

/** Adds occurrences to a streak; after `sinceLastMs` of quiet, from `quietMs` on, a new one begins. */
export function grownStreak(
  { streak, dueAt }: Streak,
  occurrences: number,
  sinceLastMs: number,
  { quietMs }: GrowthRules,
): Streak {
  if (sinceLastMs >= quietMs) return { streak: wholeNumber(occurrences), dueAt: NO_STREAK.dueAt }
  return { streak: wholeNumber(streak + occurrences), dueAt }
}

/** Whether a report is due. */
export function isReportDue({ streak, dueAt }: Streak): boolean {
  return streak >= dueAt
}

/**
 * The occurrence at which the next report is due, after one was made now. With a growth of 2 the 1st, 2nd, 4th, 8th ...
 * occurrence is reported; a batch that passes several of them at once is one report.
 */
export function nextDueAt({ streak, dueAt }: Streak, { growth }: GrowthRules): number {
  return wholeNumber(Math.max(streak + 1, Math.ceil(dueAt * growth)))
}

/** Counts stay numbers that every database keeps exactly. */
function wholeNumber(count: number): number {
  return Math.min(count, Number.MAX_SAFE_INTEGER)
}
