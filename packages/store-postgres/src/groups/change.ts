import {
  type ChangedGroup,
  changedGroup,
  type GroupChange,
  type StoredGroup,
} from '@fastify-scs/store/adapter'
import type { Database, TransactionLimits } from '../database.js'
import { KEPT_GROUP, keepGroups } from './columns.js'
import { askNewestRelease } from './releases.js'

/**
 * Changes a group unless it has another revision. Its row is locked before it is read, so that nobody counts or changes it until this
 * is done; the releases are only read.
 */
export async function changeGroup(
  database: Database,
  limits: TransactionLimits,
  quotedSchema: string,
  fingerprint: string,
  change: GroupChange,
): Promise<ChangedGroup> {
  const table = `${quotedSchema}.report_groups`
  let group: StoredGroup | undefined
  let newest: string | null = null
  let isChanged = false
  const lock = {
    text: `SELECT ${KEPT_GROUP}, users FROM ${table} WHERE fingerprint = $1 FOR UPDATE`,
    values: [fingerprint],
    read: ([row]: readonly unknown[]) => {
      group = row as StoredGroup | undefined
    },
  }
  const askNewest = askNewestRelease(quotedSchema, (release) => {
    newest = release
  })
  await database.sendInTwo(limits, [lock, askNewest], () => {
    const known = group
    const kept = known === undefined ? undefined : changedGroup(known, change, newest)
    if (known === undefined || kept === undefined) return []
    isChanged = true
    group = { ...kept, users: known.users }
    return [keepGroups(table, [kept])]
  })
  return { isChanged, group }
}
