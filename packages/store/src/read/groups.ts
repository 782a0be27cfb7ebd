import {
  type GroupSighting,
  type GroupState,
  type GrowthRules,
  grownStreak,
  isReportDue,
  NO_STREAK,
  nextDueAt,
} from '@fastify-scs/core/kit/plain'
import { FilterError } from '../errors.js'

/** What a database stores of a group of like reports. */
export type Group = Omit<GroupState, 'isDue'>

/** A group after a sighting. */
export interface GroupCount {
  /** What the database is to store. */
  readonly kept: Group
  /** What the instance is told. */
  readonly told: GroupState
}

/**
 * Adds a sighting to a group, or to a new one, and decides whether the instance is to report. Every adapter uses this rule. With a
 * growth of 2 the 1st, 2nd, 4th, 8th ... occurrence of a streak is reported.
 */
export function countSighting(
  known: Group | undefined,
  sighting: GroupSighting,
  rules: GrowthRules,
): GroupCount {
  const seen = addOccurrences(known ?? newGroup(sighting), sighting, rules)
  if (!sighting.canReport || !isReportDue(seen)) {
    return { kept: seen, told: { ...seen, isDue: false } }
  }
  const dueAt = nextDueAt(seen, rules)
  return {
    kept: { ...seen, dueAt, suppressed: 0 },
    // The one that is reported now is not suppressed.
    told: { ...seen, dueAt, suppressed: seen.suppressed - 1, isDue: true },
  }
}

function addOccurrences(group: Group, sighting: GroupSighting, rules: GrowthRules): Group {
  const { occurrences, firstSeenAt, lastSeenAt } = sighting
  const counted = {
    ...group,
    occurrences: atMost(group.occurrences + occurrences),
    ...grownStreak(group, occurrences, firstSeenAt - group.lastSeenAt, rules),
    suppressed: atMost(group.suppressed + occurrences),
  }
  // An instance that only asks has seen nothing at that time.
  if (occurrences === 0) return counted
  return {
    ...counted,
    // Another instance may have counted later ones before.
    firstSeenAt: Math.min(group.firstSeenAt, firstSeenAt),
    lastSeenAt: Math.max(group.lastSeenAt, lastSeenAt),
  }
}

function newGroup({ fingerprint, firstSeenAt }: GroupSighting): Group {
  const times = { firstSeenAt, lastSeenAt: firstSeenAt }
  return { fingerprint, occurrences: 0, ...times, ...NO_STREAK, suppressed: 0 }
}

/** Keeps a count within the whole numbers that every database stores exactly. */
function atMost(count: number): number {
  return Math.min(count, Number.MAX_SAFE_INTEGER)
}

/**
 * Checks what `countGroups` is given.
 *
 * @throws FilterError
 */
export function checkSightings(sightings: readonly GroupSighting[], rules: GrowthRules): void {
  const { growth, quietMs } = rules
  if (!isFrom(growth, 1)) throw new FilterError('growth', 'a number from 1', String(growth))
  if (!isFrom(quietMs, 0)) throw new FilterError('quietMs', 'milliseconds from 0', String(quietMs))
  for (const sighting of sightings) checkSighting(sighting)
}

function checkSighting(sighting: GroupSighting): void {
  const { fingerprint } = sighting
  if (typeof fingerprint !== 'string')
    throw new FilterError('fingerprint', 'a text', typeof fingerprint)
  for (const field of ['occurrences', 'firstSeenAt', 'lastSeenAt'] as const) {
    const value = sighting[field]
    if (Number.isSafeInteger(value) && value >= 0) continue
    throw new FilterError(field, 'a whole number from 0', String(value))
  }
}

function isFrom(value: number, least: number): boolean {
  return Number.isFinite(value) && value >= least
}
