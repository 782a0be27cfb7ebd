import type { FoundGroup, StoredGroup } from '@fastify-scs/store'
import type { Group } from '../api/model.js'

/** What was decided about a group. */
export type Decision = Pick<
  StoredGroup,
  | 'status'
  | 'resolvedIn'
  | 'resolvedAt'
  | 'mutedUntil'
  | 'mutedUntilOccurrences'
  | 'reason'
  | 'assignee'
  | 'note'
  | 'revision'
  | 'changedAt'
  | 'changedBy'
>

/** What the page shows of a group. */
export function groupOf(found: FoundGroup): Group {
  return {
    ...decidedOf(found),
    ...seenOf(found),
    sampleId: found.sampleId,
    counts: [...found.counts],
  }
}

/** What was decided about a group, for the audit log and the page. */
export function decidedOf(group: Decision): Decision {
  return {
    status: group.status,
    resolvedIn: group.resolvedIn,
    resolvedAt: group.resolvedAt,
    mutedUntil: group.mutedUntil,
    mutedUntilOccurrences: group.mutedUntilOccurrences,
    reason: group.reason,
    assignee: group.assignee,
    note: group.note,
    revision: group.revision,
    changedAt: group.changedAt,
    changedBy: group.changedBy,
  }
}

function seenOf(group: StoredGroup) {
  return {
    fingerprint: group.fingerprint,
    title: group.title,
    kind: group.kind,
    occurrences: group.occurrences,
    firstSeenAt: group.firstSeenAt,
    lastSeenAt: group.lastSeenAt,
    users: group.users,
    firstRelease: group.firstRelease,
    lastRelease: group.lastRelease,
  }
}
