import { isDeepStrictEqual } from 'node:util'
import { mergeVersions } from '@fastify-scs/core/kit/plain'
import type { ExpectedVersion, FoundRecord } from './port.js'
import type { StoreRecord } from './record.js'
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
