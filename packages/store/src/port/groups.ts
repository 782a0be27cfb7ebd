// Groups of like errors, what is decided about them, and the releases that they are seen in.
import type { GroupState, GroupStatus, ReportKind } from '@fastify-scs/core/kit/plain'

/** A release of a service, as its instances have noted it. */
export interface Release {
  readonly release: string
  /** Milliseconds since 1970. */
  readonly firstSeenAt: number
  /** Milliseconds since 1970. */
  readonly lastSeenAt: number
}

/** A group of like errors as it is stored. */
export interface StoredGroup extends Omit<GroupState, 'isDue' | 'isRegression'> {
  /** The title of its last report; the fingerprint as long as no instance has given one. */
  readonly title: string
  readonly kind: ReportKind | null
  /** People who were affected, up to 1,000. */
  readonly users: number
  /** The release that it was seen in first, and in last. */
  readonly firstRelease: string | null
  readonly lastRelease: string | null
  /** Of a group that was resolved, or has regressed since: the release that was to fix it; null for none. */
  readonly resolvedIn: string | null
  /** Milliseconds since 1970. */
  readonly resolvedAt: number | null
  /** Of a muted group: when the mute ends, in milliseconds since 1970; null for never. */
  readonly mutedUntil: number | null
  /** Of a muted group: the number of occurrences since `firstSeenAt` at which the mute ends; null for never. */
  readonly mutedUntilOccurrences: number | null
  /** Why it is muted. */
  readonly reason: string | null
  readonly assignee: string | null
  readonly note: string | null
  /** Grows with each change that somebody makes, when the group regresses and when its mute ends; 0 at first. */
  readonly revision: number
  /** Milliseconds since 1970. */
  readonly changedAt: number | null
  readonly changedBy: string | null
}

/** A group as it is found. */
export interface FoundGroup extends StoredGroup {
  /** The id of its newest report that is stored; null for none. */
  readonly sampleId: string | null
  /** Occurrences by time, oldest first, as the filter's `counts` asks; spans without any are left out. */
  readonly counts: readonly { readonly at: number; readonly count: number }[]
}

/** Which groups to find; everything given must hold. */
export interface GroupFilter {
  readonly fingerprint?: string
  /** One of them, when it is a list. */
  readonly status?: GroupStatus | readonly GroupStatus[]
  readonly kind?: ReportKind | readonly ReportKind[]
  /** Seen in this release first. */
  readonly firstRelease?: string
  readonly assignee?: string
  /** What the title contains, in whatever case. */
  readonly text?: string
  /** Seen at or after this time. */
  readonly seenFrom?: Date | string | number
  /** Seen for the first time at or after this time. */
  readonly newFrom?: Date | string | number
  /** @default 'lastSeen' */
  readonly order?: 'lastSeen' | 'firstSeen' | 'occurrences'
  readonly cursor?: string
  /** 1 to 200. @default 50 */
  readonly limit?: number
  /** The span and the width of the occurrences by time; the width is a multiple of an hour, which groups are counted by. @default none */
  readonly counts?: { readonly from: number; readonly to: number; readonly bucketMs: number }
}

/** A filter for groups that is checked, with its defaults. */
export interface ResolvedGroupFilter {
  readonly fingerprint: string | undefined
  readonly statuses: readonly GroupStatus[] | undefined
  readonly kinds: readonly ReportKind[] | undefined
  readonly firstRelease: string | undefined
  readonly assignee: string | undefined
  /** In lower case; the lower-case title must contain it. */
  readonly text: string | undefined
  /** Milliseconds since 1970. */
  readonly seenFrom: number | undefined
  readonly newFrom: number | undefined
  readonly order: 'lastSeen' | 'firstSeen' | 'occurrences'
  /** Only groups that come after this one: the value of what they are ordered by, and the fingerprint; both in descending order. */
  readonly after: { readonly value: number; readonly fingerprint: string } | undefined
  readonly limit: number
  readonly counts: GroupFilter['counts']
}

/** One page of groups. */
export interface GroupPage {
  readonly items: readonly FoundGroup[]
  readonly nextCursor?: string
}

/** What is changed of a group; a field that is not given stays. */
export interface GroupChange {
  /** The revision that the change was made from; if the group has another one by now, nothing is changed. */
  readonly expected: number
  readonly by: string | null
  /** Milliseconds since 1970. */
  readonly at: number
  readonly status?: Exclude<GroupStatus, 'regressed'>
  /** With `resolved`: the release that fixes it. @default the newest release that is known; null where none is */
  readonly resolvedIn?: string | null
  /** With `muted`: when the mute ends, in milliseconds since 1970. @default null, never */
  readonly mutedUntil?: number | null
  /** With `muted`: after how many more occurrences the mute ends. @default null, never */
  readonly mutedForOccurrences?: number | null
  /** With `muted`: why. */
  readonly reason?: string | null
  readonly assignee?: string | null
  readonly note?: string | null
}

/** What became of a change. */
export interface ChangedGroup {
  /** False when the group has another revision, or is not there. */
  readonly isChanged: boolean
  /** The group as it is stored now; undefined when it is not there. */
  readonly group: StoredGroup | undefined
}
