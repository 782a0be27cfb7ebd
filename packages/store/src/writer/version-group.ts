import type { StoreRecord } from '@fastify-scs/core/kit'
import type { QueuedRecord } from '../queue/queued-record.js'
import { mergeRecords } from '../record/versions.js'

/** Versions of one record that are merged and sent as one. */
export interface VersionGroup {
  readonly entries: readonly QueuedRecord[]
  readonly record: StoreRecord
}

/** Whether a record has to be merged with what is stored, or has a key that must be unique. */
export function isVersion({ record }: QueuedRecord): boolean {
  // Anything that was written comes here, also what is no record.
  return record.stamps !== undefined || (record.keys?.key ?? null) !== null
}

/** Groups the versions of each record, plain ones of the same record included; all other entries are `plain`. */
export function groupVersions(entries: readonly QueuedRecord[]): {
  readonly plain: readonly QueuedRecord[]
  readonly groups: readonly VersionGroup[]
} {
  const members = new Map<string, QueuedRecord[]>()
  for (const entry of entries) if (isVersion(entry)) members.set(placeOf(entry.record), [])
  const plain = entries.filter(
    (entry) => members.get(placeOf(entry.record))?.push(entry) === undefined,
  )
  return { plain, groups: [...members.values()].flatMap((each) => grouped(each)) }
}

/** Makes a group of each entry. */
export function singleGroups(entries: readonly QueuedRecord[]): readonly VersionGroup[] {
  return entries.map((entry) => ({ entries: [entry], record: entry.record }))
}

/** Names a record among all others. */
export function placeOf({ kind, id }: StoreRecord): string {
  return `${kind} ${id}`
}

function grouped(entries: readonly QueuedRecord[]): readonly VersionGroup[] {
  try {
    const record = entries.map((entry) => entry.record).reduce(mergeRecords<StoreRecord>)
    return [{ entries, record }]
  } catch {
    // One of them is no JSON data: the database refuses it and stores the others.
    return singleGroups(entries)
  }
}
