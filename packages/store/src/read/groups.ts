import { createHash } from 'node:crypto'
import {
  type GroupSighting,
  type GroupState,
  type GrowthRules,
  grownStreak,
  isReportDue,
  NO_STREAK,
  nextDueAt,
} from '@fastify-scs/core/kit/plain'
import type { GroupChange, StoredGroup } from '../port.js'
import { storableText } from '../record/text.js'
import { isNewerRelease, isNewerVersion, type ReleaseTimes } from './releases.js'

/** Occurrences of a group are counted by spans of this length, from a multiple of it since 1970, in milliseconds: an hour. */
export const GROUP_COUNT_MS = 3_600_000

/** The most people that are counted for one group. */
export const MAX_GROUP_USERS = 1_000

/** What a database stores of a group in its row; the people are counted beside it. */
export type KeptGroup = Omit<StoredGroup, 'users'>

/** A group after a sighting. */
export interface GroupCount {
  /** What the database is to store. */
  readonly kept: KeptGroup
  /** What the instance is told. */
  readonly told: GroupState
}

const NOT_MUTED = { mutedUntil: null, mutedUntilOccurrences: null, reason: null } as const
const NOT_RESOLVED = { resolvedIn: null, resolvedAt: null } as const

/** What is stored of a person who was affected: 16 characters of a digest, which do not say who it was. */
export function userDigest(user: string): string {
  // What no database keeps is replaced as in the other texts that name the user, or nobody would find the digest again.
  const text = storableText(user, Number.POSITIVE_INFINITY)
  return createHash('sha256').update(text).digest('base64url').slice(0, 16)
}

/**
 * Adds a sighting to a group, or to a new one, and decides whether the instance is to report. Every adapter uses this rule. With a
 * growth of 2 the 1st, 2nd, 4th, 8th ... occurrence of a streak is reported; a muted group is only counted; a group that was resolved
 * and comes again in a newer release has regressed, and is reported at once.
 *
 * @param releases when the sighting's release and the group's `resolvedIn` began, as far as they were noted
 */
export function countSighting(
  known: KeptGroup | undefined,
  sighting: GroupSighting,
  rules: GrowthRules,
  releases: ReleaseTimes,
): GroupCount {
  const counted = addOccurrences(known ?? newGroup(sighting), sighting, rules)
  const seen = reopened(counted, sighting, releases)
  const isRegression = seen !== counted && seen.status === 'regressed'
  const state = stateOf(seen, isRegression)
  if (seen.status === 'muted' || !sighting.canReport || !isReportDue(seen)) {
    return { kept: seen, told: { ...state, isDue: false } }
  }
  const dueAt = nextDueAt(seen, rules)
  return {
    kept: { ...seen, dueAt, suppressed: 0 },
    // The one that is reported now is not suppressed.
    told: { ...state, dueAt, suppressed: seen.suppressed - 1, isDue: true },
  }
}

/** Changes a group as somebody has decided; undefined when it has another revision. */
export function changedGroup(
  group: KeptGroup,
  change: GroupChange,
  newestRelease: string | null,
): KeptGroup | undefined {
  if (group.revision !== change.expected) return undefined
  const { assignee = group.assignee, note = group.note, at, by } = change
  return {
    ...group,
    ...statusFields(group, change, newestRelease),
    assignee,
    note,
    revision: group.revision + 1,
    changedAt: at,
    changedBy: by,
  }
}

function statusFields(
  group: KeptGroup,
  change: GroupChange,
  newestRelease: string | null,
): Partial<KeptGroup> {
  const {
    status,
    at,
    resolvedIn = newestOf(newestRelease, group.lastRelease),
    reason = null,
  } = change
  switch (status) {
    case 'open':
      return { status, ...NOT_MUTED, ...NOT_RESOLVED }
    case 'resolved':
      return { status, ...NOT_MUTED, resolvedIn, resolvedAt: at }
    case 'muted': {
      const { mutedUntil = null, mutedForOccurrences = null } = change
      const mutedUntilOccurrences =
        mutedForOccurrences === null ? null : atMost(group.occurrences + mutedForOccurrences)
      return { status, ...NOT_RESOLVED, mutedUntil, mutedUntilOccurrences, reason }
    }
    default:
      return {}
  }
}

/** The release that began last, or the group's own one if that is a newer version: a fix of an older line may have begun last. */
function newestOf(newest: string | null, last: string | null): string | null {
  if (newest === null || last === null) return newest ?? last
  return isNewerVersion(last, newest) === true ? last : newest
}

/**
 * The group after an occurrence: open again if its mute is over, regressed if it was resolved and came in a newer release. A report is
 * due then.
 */
function reopened(group: KeptGroup, sighting: GroupSighting, releases: ReleaseTimes): KeptGroup {
  if (sighting.occurrences === 0) return group
  const again = {
    revision: group.revision + 1,
    streak: sighting.occurrences,
    dueAt: NO_STREAK.dueAt,
  }
  if (group.status === 'muted' && isMuteOver(group, sighting))
    return { ...group, ...again, ...NOT_MUTED, status: 'open' }
  if (group.status === 'resolved' && isAfterFix(group, sighting, releases))
    return { ...group, ...again, status: 'regressed' }
  return group
}

function isMuteOver(group: KeptGroup, { lastSeenAt }: GroupSighting): boolean {
  const { mutedUntil, mutedUntilOccurrences, occurrences } = group
  if (mutedUntil !== null && lastSeenAt >= mutedUntil) return true
  return mutedUntilOccurrences !== null && occurrences >= mutedUntilOccurrences
}

function isAfterFix(
  { resolvedIn, resolvedAt }: KeptGroup,
  { release, lastSeenAt }: GroupSighting,
  releases: ReleaseTimes,
): boolean {
  if (release !== undefined && resolvedIn !== null)
    return isNewerRelease(release, resolvedIn, releases)
  // Where no release is known, the time decides.
  return lastSeenAt > (resolvedAt ?? 0)
}

function addOccurrences(group: KeptGroup, sighting: GroupSighting, rules: GrowthRules): KeptGroup {
  const { occurrences, firstSeenAt, lastSeenAt, title, kind, release } = sighting
  const counted = {
    ...group,
    ...(title === undefined ? {} : { title }),
    ...(kind === undefined ? {} : { kind }),
    occurrences: atMost(group.occurrences + occurrences),
    ...grownStreak(group, occurrences, firstSeenAt - group.lastSeenAt, rules),
    suppressed: atMost(group.suppressed + occurrences),
  }
  // An instance that only asks has seen nothing at that time.
  if (occurrences === 0) return counted
  return {
    ...counted,
    firstRelease: group.firstRelease ?? release ?? null,
    lastRelease: release ?? group.lastRelease,
    // Another instance may have counted later ones before.
    firstSeenAt: Math.min(group.firstSeenAt, firstSeenAt),
    lastSeenAt: Math.max(group.lastSeenAt, lastSeenAt),
  }
}

function newGroup({ fingerprint, firstSeenAt }: GroupSighting): KeptGroup {
  return {
    fingerprint,
    occurrences: 0,
    firstSeenAt,
    lastSeenAt: firstSeenAt,
    ...NO_STREAK,
    suppressed: 0,
    status: 'open',
    title: fingerprint,
    kind: null,
    firstRelease: null,
    lastRelease: null,
    ...NOT_RESOLVED,
    ...NOT_MUTED,
    assignee: null,
    note: null,
    revision: 0,
    changedAt: null,
    changedBy: null,
  }
}

function stateOf(group: KeptGroup, isRegression: boolean): Omit<GroupState, 'isDue'> {
  const { fingerprint, occurrences, firstSeenAt, lastSeenAt, streak, dueAt, suppressed } = group
  const counts = { fingerprint, occurrences, firstSeenAt, lastSeenAt, streak, dueAt, suppressed }
  return { ...counts, status: group.status, isRegression }
}

/** Keeps a count within the whole numbers that every database stores exactly. */
function atMost(count: number): number {
  return Math.min(count, Number.MAX_SAFE_INTEGER)
}
