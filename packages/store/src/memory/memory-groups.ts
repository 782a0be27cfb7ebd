import {
  BoundedMap,
  type GroupSighting,
  type GroupState,
  type GrowthRules,
} from '@fastify-scs/core/kit'
import type {
  ChangedGroup,
  GroupChange,
  GroupFilter,
  Release,
  ResolvedGroupFilter,
  StoredGroup,
} from '../port.js'
import {
  changedGroup,
  countSighting,
  GROUP_COUNT_MS,
  type KeptGroup,
  MAX_GROUP_USERS,
  userDigest,
} from '../read/groups.js'

const MAX_GROUPS = 10_000
const MAX_RELEASES = 1_000
/** Hours of a group whose occurrences are kept: 31 days. */
const MAX_HOURS = 744

/** A group with what is counted beside its row. */
interface Entry {
  readonly kept: KeptGroup
  /** Digests of the people who were affected. */
  readonly users: Set<string>
  /** Occurrences by the beginning of the hour. */
  readonly hours: BoundedMap<number, number>
}

/** Groups and releases in memory; when there are too many, the group that was not counted for longest is removed. */
export class MemoryGroups {
  readonly #groups = new BoundedMap<string, Entry>(MAX_GROUPS)
  readonly #releases = new BoundedMap<string, Release>(MAX_RELEASES)

  count(sightings: readonly GroupSighting[], rules: GrowthRules): readonly GroupState[] {
    return sightings.map((sighting) => {
      const { fingerprint, release, firstSeenAt, lastSeenAt, occurrences, users = [] } = sighting
      if (release !== undefined && occurrences > 0)
        this.noteRelease(release, firstSeenAt, lastSeenAt)
      const known = this.#groups.get(fingerprint)
      const began = new Map([...this.#releases].map(([name, at]) => [name, at.firstSeenAt]))
      const { kept, told } = countSighting(known?.kept, sighting, rules, began)
      const entry: Entry = {
        kept,
        users: known?.users ?? new Set(),
        hours: known?.hours ?? new BoundedMap(MAX_HOURS),
      }
      for (const user of users)
        if (entry.users.size < MAX_GROUP_USERS) entry.users.add(userDigest(user))
      const hour = Math.floor(lastSeenAt / GROUP_COUNT_MS) * GROUP_COUNT_MS
      if (occurrences > 0) entry.hours.set(hour, (entry.hours.get(hour) ?? 0) + occurrences)
      this.#groups.set(fingerprint, entry)
      return told
    })
  }

  change(fingerprint: string, change: GroupChange): ChangedGroup {
    const entry = this.#groups.get(fingerprint)
    if (entry === undefined) return { isChanged: false, group: undefined }
    const [newest] = this.releases(1)
    const kept = changedGroup(entry.kept, change, newest?.release ?? null)
    if (kept === undefined) return { isChanged: false, group: stored(entry) }
    const changed = { ...entry, kept }
    this.#groups.set(fingerprint, changed)
    return { isChanged: true, group: stored(changed) }
  }

  noteRelease(release: string, from: number, to: number = from): void {
    const known = this.#releases.get(release)
    this.#releases.set(release, {
      release,
      firstSeenAt: Math.min(known?.firstSeenAt ?? from, from),
      lastSeenAt: Math.max(known?.lastSeenAt ?? to, to),
    })
  }

  releases(limit: number): readonly Release[] {
    const newestFirst = [...this.#releases.values()].sort(
      (one, other) => other.firstSeenAt - one.firstSeenAt || (one.release < other.release ? 1 : -1),
    )
    return newestFirst.slice(0, limit)
  }

  find(query: ResolvedGroupFilter): readonly (StoredGroup & { counts: Counts })[] {
    const { after, limit, counts, order } = query
    const field = order === 'occurrences' ? order : (`${order}At` as const)
    const isBehind = ({ kept }: Entry): boolean =>
      after === undefined ||
      kept[field] < after.value ||
      (kept[field] === after.value && kept.fingerprint < after.fingerprint)
    return [...this.#groups.values()]
      .filter((entry) => isGroupMatch(entry.kept, query) && isBehind(entry))
      .sort(
        ({ kept: one }, { kept: other }) =>
          other[field] - one[field] || (one.fingerprint < other.fingerprint ? 1 : -1),
      )
      .slice(0, limit)
      .map((entry) => ({ ...stored(entry), counts: countsOf(entry, counts) }))
  }

  /** Takes a user out of the groups; returns how many entries named the user. */
  forgetUser(user: string, pseudonym: string): number {
    const digest = userDigest(user)
    let entries = 0
    for (const [fingerprint, entry] of [...this.#groups]) {
      if (entry.users.delete(digest)) entries++
      const { assignee, changedBy, revision } = entry.kept
      if (assignee !== user && changedBy !== user) continue
      entries++
      const kept = {
        ...entry.kept,
        assignee: assignee === user ? null : assignee,
        changedBy: changedBy === user ? pseudonym : changedBy,
        revision: revision + 1,
      }
      this.#groups.set(fingerprint, { ...entry, kept })
    }
    return entries
  }

  /** Forgets groups and releases that were not seen since, but for the releases that the others are resolved in. */
  forgetBefore(time: number): void {
    const fixing = new Set<string | null>()
    for (const [fingerprint, { kept, hours }] of this.#groups) {
      if (kept.lastSeenAt < time) this.#groups.delete(fingerprint)
      else fixing.add(kept.resolvedIn)
      for (const hour of hours.keys()) if (hour + GROUP_COUNT_MS <= time) hours.delete(hour)
    }
    for (const { release, lastSeenAt } of this.#releases.values()) {
      if (lastSeenAt < time && !fixing.has(release)) this.#releases.delete(release)
    }
  }
}

type Counts = readonly { readonly at: number; readonly count: number }[]

function stored({ kept, users }: Entry): StoredGroup {
  return { ...kept, users: users.size }
}

function countsOf({ hours }: Entry, span: GroupFilter['counts']): Counts {
  if (span === undefined) return []
  const { from, to, bucketMs } = span
  const counts = new Map<number, number>()
  for (const [hour, count] of hours) {
    if (hour < from || hour >= to) continue
    const at = from + Math.floor((hour - from) / bucketMs) * bucketMs
    counts.set(at, (counts.get(at) ?? 0) + count)
  }
  return [...counts].sort(([one], [other]) => one - other).map(([at, count]) => ({ at, count }))
}

function isGroupMatch(group: KeptGroup, query: ResolvedGroupFilter): boolean {
  const { fingerprint, statuses, kinds, firstRelease, assignee, text, seenFrom, newFrom } = query
  return (
    (fingerprint === undefined || group.fingerprint === fingerprint) &&
    (statuses === undefined || statuses.includes(group.status)) &&
    (kinds === undefined || (group.kind !== null && kinds.includes(group.kind))) &&
    (firstRelease === undefined || group.firstRelease === firstRelease) &&
    (assignee === undefined || group.assignee === assignee) &&
    (text === undefined || group.title.toLowerCase().includes(text)) &&
    (seenFrom === undefined || group.lastSeenAt >= seenFrom) &&
    (newFrom === undefined || group.firstSeenAt >= newFrom)
  )
}
