import { mergeVersions } from '@fastify-scs/core/kit/plain'
import type { FoundRecord } from './port.js'
import type { StoreRecord } from './record.js'

/**
 * One record of two versions of it: merged by fields when either was changed by fields; else the one with the higher revision, as
 * `insert` keeps it.
 */
export function mergeRecords<Version extends FoundRecord | StoreRecord>(
  known: Version,
  newer: Version,
): Version {
  if (known.stamps === undefined && newer.stamps === undefined)
    return newer.revision > known.revision ? newer : known
  const { createdAt } = known
  const revision = Math.max(known.revision, newer.revision)
  return { ...newer, ...mergeVersions(known, newer), createdAt, revision }
}
