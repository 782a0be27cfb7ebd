import type { JsonValue } from '@fastify-scs/core'
import type { FoundRecord } from './port.js'
import type { FieldStamps, RecordKeys, StoreRecord } from './record.js'

type Fields = { [field: string]: JsonValue }
type Version = Pick<FoundRecord, 'keys' | 'data' | 'stamps'>

/** Both versions of one record in one: its keys, data and stamps. */
export interface MergedVersion {
  readonly keys: RecordKeys
  readonly data: StoreRecord['data']
  readonly stamps: FieldStamps
}

/**
 * Merges two versions of one record: of each field the value with the higher stamp is kept, of one that neither has changed the value
 * that is there. The result is the same in whatever order, and however often, versions are merged.
 */
export function mergeVersions(known: Version, other: Version): MergedVersion {
  const stamps: Record<string, number> = { ...known.stamps }
  const keys: Fields = withMissing(known.keys as Fields, other.keys as Fields)
  const data: Fields = withMissing(known.data, other.data)
  // An object before its keys, so that a key that is newer than the object stays.
  const paths = Object.keys(other.stamps ?? {}).sort((one, two) => one.length - two.length)
  for (const path of paths) {
    const stamp = other.stamps?.[path] ?? 0
    if (stamp <= (stamps[path] ?? 0)) continue
    stamps[path] = stamp
    const { root, field, key } = partsOf(path)
    const [to, from] = root === 'keys' ? [keys, other.keys as Fields] : [data, other.data]
    if (key === undefined) to[field] = mergedField(path, to[field], from[field], known, other)
    else to[field] = { ...objectOf(to[field]), [key]: objectOf(from[field])[key] ?? null }
  }
  return { keys, data, stamps }
}

/** An object that was given anew keeps the keys that were changed later than that on the other side. */
function mergedField(
  path: string,
  known: JsonValue | undefined,
  newer: JsonValue | undefined,
  knownVersion: Version,
  { stamps: newerStamps = {} }: Version,
): JsonValue {
  const stamp = newerStamps[path] ?? 0
  const kept = Object.entries(knownVersion.stamps ?? {}).filter(
    ([each, at]) => each.startsWith(`${path}.`) && at > stamp,
  )
  if (kept.length === 0) return newer ?? null
  const fields = { ...objectOf(newer) }
  for (const [each] of kept) {
    const key = each.slice(path.length + 1)
    fields[key] = objectOf(known)[key] ?? null
  }
  return fields
}

/** Fields that one side lacks, or has dropped under pressure, are taken from the other. */
function withMissing(known: Fields, other: Fields): Fields {
  const merged: Fields = { ...known }
  for (const [field, value] of Object.entries(other)) merged[field] ??= value
  return merged
}

/** `data.data.token` is the key `token` of the field `data` of the data; a key may have dots of its own. */
function partsOf(path: string): { root: string; field: string; key: string | undefined } {
  const [root = '', field = '', ...rest] = path.split('.')
  return { root, field, key: rest.length === 0 ? undefined : rest.join('.') }
}

/** What is no object stands under the key `data`, as a handle's `update` keeps it. */
function objectOf(value: JsonValue | undefined): Fields {
  if (value === undefined || value === null) return {}
  return typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : { data: value }
}
