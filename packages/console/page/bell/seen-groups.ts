import type { Group } from '../../src/api/model.js'

/** What tells of a group in the bell. */
export type BellGroup = Pick<
  Group,
  'fingerprint' | 'title' | 'kind' | 'status' | 'firstSeenAt' | 'lastSeenAt' | 'changedAt'
>

/** Until when the reader has seen what is new, in milliseconds since 1970; kept in the browser. */
export interface SeenMark {
  readonly seenUntil: number
}

const STORAGE_KEY = 'scs-console-bell'
/** What a reader who has never looked is told of: the last day. */
const FIRST_LOOK_MS = 86_400_000

/** The part of localStorage that is used. */
export type SeenStorage = Pick<Storage, 'getItem' | 'setItem'>

/** When a group gave cause to ring: when it regressed, else when it was first seen. */
export function rangAt(group: BellGroup): number {
  return group.status === 'regressed' ? (group.changedAt ?? group.lastSeenAt) : group.firstSeenAt
}

/** Groups that ring: new or regressed ones since the mark, the latest first; each once. */
export function ringing(
  groups: readonly BellGroup[],
  { seenUntil }: SeenMark,
): readonly BellGroup[] {
  const latest = new Map<string, BellGroup>()
  for (const group of groups) latest.set(group.fingerprint, group)
  return [...latest.values()]
    .filter((group) => group.status === 'open' || group.status === 'regressed')
    .filter((group) => rangAt(group) > seenUntil)
    .sort((a, b) => rangAt(b) - rangAt(a))
}

/** What the browser remembers; where it does not, the last day counts as new. */
export function readSeen(storage: SeenStorage | undefined, now: number): SeenMark {
  try {
    const kept = Number(storage?.getItem(STORAGE_KEY) ?? Number.NaN)
    if (Number.isFinite(kept) && kept > 0) return { seenUntil: kept }
  } catch {
    // Storage is refused in some private windows; the bell works without.
  }
  return { seenUntil: now - FIRST_LOOK_MS }
}

/** Marks all of them as seen. */
export function markSeen(
  storage: SeenStorage | undefined,
  groups: readonly BellGroup[],
  mark: SeenMark,
): SeenMark {
  // By the server's times: the reader's clock may be wrong.
  const seenUntil = Math.max(mark.seenUntil, ...groups.map(rangAt))
  try {
    storage?.setItem(STORAGE_KEY, String(seenUntil))
  } catch {
    // Seen for this visit only.
  }
  return { seenUntil }
}
