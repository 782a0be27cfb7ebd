import type { GroupDetail } from '@fastify-scs/console/read'
import type { Output } from '../output/output.js'
import { countText, timeText } from '../output/words.js'
import { writeTitle } from './report.js'

/** Writes one group of errors: what was decided about it, and the values that its reports have. */
export async function writeGroup(output: Output, detail: GroupDetail): Promise<void> {
  const { group } = detail
  if (!output.isTable) {
    await output.json(detail)
    return
  }
  await output.line(group.title, 'bold')
  const { status, resolvedIn, mutedUntil, mutedUntilOccurrences, reason, assignee, note } = group
  const fields: Readonly<Record<string, string | null>> = {
    group: group.fingerprint,
    kind: group.kind,
    status,
    occurrences: countText(group.occurrences),
    users: countText(group.users),
    'first seen': `${timeText(group.firstSeenAt)}${inRelease(group.firstRelease)}`,
    'last seen': `${timeText(group.lastSeenAt)}${inRelease(group.lastRelease)}`,
    'resolved in': status === 'resolved' ? resolvedIn : null,
    'muted until': mutedUntil === null ? null : timeText(mutedUntil),
    'muted until occurrence':
      mutedUntilOccurrences === null ? null : countText(mutedUntilOccurrences),
    reason,
    assignee,
    note,
    'changed by': group.changedBy,
    'newest report': group.sampleId,
  }
  for (const [name, value] of Object.entries(fields))
    if (value !== null) await output.line(`  ${name}: ${value}`)
  for (const name of ['routes', 'users', 'releases', 'statusCodes'] as const) {
    if (detail[name].length === 0) continue
    await writeTitle(output, `${name} of its reports`)
    for (const { value, count } of detail[name])
      await output.line(`  ${countText(count)}  ${value}`)
  }
}

function inRelease(release: string | null): string {
  return release === null ? '' : ` in ${release}`
}
