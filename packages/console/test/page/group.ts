import type { Group } from '../../src/api/model.js'

/** A group with nothing decided. */
export function group(fields: Partial<Group> = {}): Group {
  return {
    fingerprint: 'f1',
    title: 'It broke',
    kind: 'fatal',
    status: 'open',
    occurrences: 1,
    firstSeenAt: 0,
    lastSeenAt: 0,
    users: 0,
    firstRelease: null,
    lastRelease: null,
    resolvedIn: null,
    resolvedAt: null,
    mutedUntil: null,
    mutedUntilOccurrences: null,
    reason: null,
    assignee: null,
    note: null,
    revision: 0,
    changedAt: null,
    changedBy: null,
    sampleId: null,
    counts: [],
    ...fields,
  }
}
