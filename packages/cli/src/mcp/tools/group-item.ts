import type { Group } from '@fastify-scs/console/read'
import { type Static, Type } from '@sinclair/typebox'
import { computed, isoTime, observed, parts, type Show, text, time } from '../marked.js'

/** A group of like errors in an answer. */
export const GroupItem = parts({
  computed: computed({
    kind: Type.Union([Type.String(), Type.Null()], {
      description: 'fatal, non-fatal, slow, stuck or blocked',
    }),
    status: Type.String({ description: 'open, resolved, muted or regressed' }),
    occurrences: Type.Integer(),
    users: Type.Integer({ description: 'People who were affected; 1,000 stands for more, too' }),
    firstSeenAt: time(),
    lastSeenAt: time(),
  }),
  observed: observed({
    fingerprint: Type.String({ description: 'Names the group' }),
    title: Type.String(),
    firstRelease: text(),
    lastRelease: text(),
    resolvedIn: text(),
    assignee: text(),
    note: text(),
    newestReportId: text(),
  }),
})

/** Shows a group. */
export function groupItem(group: Group, show: Show): Static<typeof GroupItem> {
  const { kind, status, occurrences, users, firstSeenAt, lastSeenAt } = group
  return {
    computed: {
      ...{ kind, status, occurrences, users },
      ...{ firstSeenAt: isoTime(firstSeenAt), lastSeenAt: isoTime(lastSeenAt) },
    },
    observed: {
      fingerprint: show(group.fingerprint),
      title: show(group.title),
      firstRelease: show(group.firstRelease),
      lastRelease: show(group.lastRelease),
      resolvedIn: show(group.resolvedIn),
      assignee: show(group.assignee),
      note: show(group.note),
      newestReportId: show(group.sampleId),
    },
  }
}
