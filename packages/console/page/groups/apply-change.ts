import type { Group, GroupChange } from '../../src/api/model.js'

/** What a group is changed to, without the revision that the change is made from. */
export type GroupFields = Omit<GroupChange, 'revision'>

/**
 * The group as it will be when the server takes the change: shown at once, and replaced by the server's answer.
 *
 * @param newestRelease what `resolved` means where no release is given
 */
export function appliedChange(
  group: Group,
  fields: GroupFields,
  who: {
    readonly user: string | null
    readonly now: number
    readonly newestRelease: string | null
  },
): Group {
  const { mutedForOccurrences, ...plain } = fields
  const changed = { ...group, ...plain, changedAt: who.now, changedBy: who.user }
  if (fields.status === undefined) return changed
  const isMuted = fields.status === 'muted'
  const isResolved = fields.status === 'resolved'
  return {
    ...changed,
    resolvedIn: isResolved ? (fields.resolvedIn ?? who.newestRelease) : null,
    resolvedAt: isResolved ? who.now : null,
    mutedUntil: isMuted ? (fields.mutedUntil ?? null) : null,
    mutedUntilOccurrences:
      isMuted && mutedForOccurrences != null ? group.occurrences + mutedForOccurrences : null,
    reason: isMuted ? (fields.reason ?? null) : null,
  }
}

/** What a group's status says, in a sentence: since when, by whom, until when. */
export function statusFacts(group: Group): readonly string[] {
  const by = group.changedBy === null ? '' : ` by ${group.changedBy}`
  if (group.status === 'resolved')
    return [
      group.resolvedIn === null ? `Resolved${by}.` : `Resolved in ${group.resolvedIn}${by}.`,
      'When it comes again in a newer release, it is reported at once.',
    ]
  if (group.status === 'regressed')
    return [
      group.resolvedIn === null
        ? 'It came again after it was resolved.'
        : `It was resolved in ${group.resolvedIn} and came again${group.lastRelease === null ? '' : ` in ${group.lastRelease}`}.`,
    ]
  if (group.status === 'open') return ['Nothing is decided about it yet.']
  return [`Muted${by}: ${group.reason ?? 'no reason given'}.`, 'It is counted, and not reported.']
}
