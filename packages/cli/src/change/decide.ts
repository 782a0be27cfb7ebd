import type { OpenedStore } from '@fastify-scs/console/read'
import type { GroupChange, StoredGroup } from '@fastify-scs/store'
import { ChangedMeanwhileError, NotFoundError } from '../errors.js'
import { osUser } from '../os-user.js'
import { audit } from './audit.js'

/** What is decided about a group. */
export type Decision = Omit<GroupChange, 'expected' | 'by' | 'at'>

/** Decides something about a group, and says so in the audit events of the store. @throws NotFoundError, ChangedMeanwhileError */
export async function decide(
  opened: OpenedStore,
  fingerprint: string,
  decision: Decision,
): Promise<StoredGroup> {
  const { store } = opened
  const [before] = (await store.groups({ fingerprint, limit: 1 })).items
  if (before === undefined) throw new NotFoundError(`The group ${fingerprint}`)
  const change = { expected: before.revision, by: osUser(), at: Date.now(), ...decision }
  const { isChanged, group } = await store.changeGroup(fingerprint, change)
  if (!isChanged || group === undefined) throw new ChangedMeanwhileError(fingerprint)
  await audit(opened, {
    what: 'changed',
    fingerprint,
    before: decided(before),
    after: decided(group),
  })
  return group
}

function decided(group: StoredGroup) {
  const { status, resolvedIn, mutedUntil, mutedUntilOccurrences, reason, assignee, note } = group
  return { status, resolvedIn, mutedUntil, mutedUntilOccurrences, reason, assignee, note }
}
