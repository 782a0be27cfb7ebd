import { isDeepStrictEqual } from 'node:util'
import { type FoundRecord, mergeVersions, type StoreRecord } from '@fastify-scs/core/kit'
import type { ExpectedVersion } from '../port.js'
import { fromRow, toRow } from './row.js'

/**
 * What is to be kept of a version where another one is: both merged, with a higher revision; undefined when all of it is there.
 *
 * @throws RecordRefusedError when the record says something that no store keeps
 */
export function nextVersion(
  engine: string,
  record: StoreRecord,
  found: FoundRecord,
): ExpectedVersion | undefined {
  const expected = found.revision
  if (record.stamps === undefined && found.stamps === undefined) {
    // Nobody has changed it by fields: the higher revision replaces the other, as by `insert`.
    return record.revision > expected ? { record, expected } : undefined
  }
  // As it will be found, so that what a database keeps in another way is no difference.
  const merged = mergeVersions(found, fromRow(record.kind, toRow(engine, record)))
  const isThere = (['keys', 'data', 'stamps'] as const).every((part) =>
    isDeepStrictEqual(merged[part], found[part] ?? {}),
  )
  if (isThere) return undefined
  const revision = Math.max(expected + 1, record.revision)
  return { record: { ...record, ...merged, createdAt: found.createdAt, revision }, expected }
}

/** The record without its key, which another one has. */
export function withoutKey(record: StoreRecord): StoreRecord {
  const { key: _, ...keys } = record.keys
  const { stamps } = record
  if (stamps === undefined) return { ...record, keys }
  const { 'keys.key': _stamp, ...others } = stamps
  return { ...record, keys, stamps: others }
}

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
