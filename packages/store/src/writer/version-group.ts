import type { StoreRecord } from '@fastify-scs/core/kit'
import type { QueuedRecord } from '../queue/queued-record.js'
import { mergeRecords } from '../record/versions.js'

/** The versions of one record that are sent together, as one. */
export interface VersionGroup {
  readonly entries: readonly QueuedRecord[]
  readonly record: StoreRecord
}

/** Whether a record must not simply replace what is there, or be put beside a record with its key. */
export function isVersion({ record }: QueuedRecord): boolean {
  // Whatever was written comes here, also what is no record.
  return record.stamps !== undefined || (record.keys?.key ?? null) !== null
}

/** Puts the versions of each record together, with the plain ones of the same record; the other entries are `plain`. */
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

/** Each entry alone. */
export function singleGroups(entries: readonly QueuedRecord[]): readonly VersionGroup[] {
  return entries.map((entry) => ({ entries: [entry], record: entry.record }))
}

/** Tells a record from all others. */
export function placeOf({ kind, id }: StoreRecord): string {
  return `${kind} ${id}`
}

function grouped(entries: readonly QueuedRecord[]): readonly VersionGroup[] {
  try {
    const record = entries.map((entry) => entry.record).reduce(mergeRecords<StoreRecord>)
    return [{ entries, record }]
  } catch {
    // One of them is not JSON data; the database refuses it and takes the others.
    return singleGroups(entries)
  }
}
