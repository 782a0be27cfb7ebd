import { isDeepStrictEqual } from 'node:util'
import { type FoundRecord, mergeVersions, type StoreRecord } from '@fastify-scs/core/kit/plain'
import type { ExpectedVersion } from '../port.js'
import { fromRow, toRow } from './row.js'

/**
 * What is to be stored of a version when another one is stored: both merged, with a higher revision; undefined when all of it is
 * stored already.
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
    // Neither has stamps: the higher revision replaces the other, as by `insert`.
    return record.revision > expected ? { record, expected } : undefined
  }
  // As it would be read back, so that a value which a database stores in another form is no difference.
  const merged = mergeVersions(found, fromRow(record.kind, toRow(engine, record)))
  const isThere = (['keys', 'data', 'stamps'] as const).every((part) =>
    isDeepStrictEqual(merged[part], found[part] ?? {}),
  )
  if (isThere) return undefined
  const revision = Math.max(expected + 1, record.revision)
  return { record: { ...record, ...merged, createdAt: found.createdAt, revision }, expected }
}

/** The record without its key, which another record has. */
export function withoutKey(record: StoreRecord): StoreRecord {
  const { key: _, ...keys } = record.keys
  const { stamps } = record
  if (stamps === undefined) return { ...record, keys }
  const { 'keys.key': _stamp, ...others } = stamps
  return { ...record, keys, stamps: others }
}

/**
 * Makes one record of two versions: merged by fields when either has stamps, else the one with the higher revision, as `insert`
 * stores it.
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
