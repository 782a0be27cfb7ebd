import type { JsonValue } from '../json/json-value.js'
import { mergeField, type StampedField } from './merge-field.js'

/**
 * When each field of a record that was changed since the record was made got its value, by the path of the field: `data.status`,
 * `keys.status`, or `data.data.token` for one key of an object. A stamp is a number that is higher for what is newer, such as
 * microseconds since 1970; a field without one counts as 0.
 */
export type FieldStamps = Readonly<Record<string, number>>

/** One version of a record that several may change at the same time. */
export interface StampedVersion<Keys extends object> {
  /** What it can be searched by. */
  readonly keys: Keys
  readonly data: { readonly [field: string]: JsonValue }
  /** Undefined for a record that was never changed. */
  readonly stamps?: FieldStamps | undefined
}

/** Both versions of one record in one. */
export interface MergedVersion<Keys extends object> extends StampedVersion<Keys> {
  readonly stamps: FieldStamps
}

type Root = 'keys' | 'data'

/**
 * Merges two versions of one record: of each field the value with the higher stamp is kept. The result is the same in whatever order,
 * and however often, versions are merged, also where two values have the same stamp, or none: then a value stays before null, null
 * before a field that is lacking, an object before what is none, and of two other values the one whose JSON text is higher. So
 * bodies that were dropped under pressure, which are null and have no stamp, never replace what another version has.
 */
export function mergeVersions<Keys extends object>(
  one: StampedVersion<Keys>,
  other: StampedVersion<Keys>,
): MergedVersion<Keys> {
  const fieldsOfOne = new VersionFields(one)
  const fieldsOfOther = new VersionFields(other)
  const stamps = new Map<string, number>()
  const merged = (root: Root) => mergeRoot(root, fieldsOfOne, fieldsOfOther, stamps)
  // A key that is null is one that the record has not.
  const keys = merged('keys').filter(([, value]) => value !== null)
  return {
    keys: Object.fromEntries(keys) as Keys,
    data: Object.fromEntries(merged('data')),
    stamps: Object.fromEntries(stamps),
  }
}

/** The fields of the keys, or of the data; their stamps are put to the others. */
function mergeRoot(
  root: Root,
  one: VersionFields,
  other: VersionFields,
  stamps: Map<string, number>,
): readonly (readonly [string, JsonValue])[] {
  const names = new Set([...one.names(root), ...other.names(root)])
  return [...names].flatMap((name) => {
    const { value, stamp, keyStamps } = mergeField(one.field(root, name), other.field(root, name))
    if (stamp > 0) stamps.set(`${root}.${name}`, stamp)
    for (const [key, keyStamp] of keyStamps) stamps.set(`${root}.${name}.${key}`, keyStamp)
    return value === undefined ? [] : [[name, value] as const]
  })
}

/** The fields of a version by name, with their stamps. */
class VersionFields {
  readonly #values: Readonly<Record<Root, Readonly<Record<string, JsonValue>>>>
  readonly #stamps: Readonly<Record<Root, Map<string, number>>> = {
    keys: new Map(),
    data: new Map(),
  }
  readonly #keyStamps: Readonly<Record<Root, Map<string, Map<string, number>>>> = {
    keys: new Map(),
    data: new Map(),
  }

  constructor({ keys, data, stamps = {} }: StampedVersion<object>) {
    this.#values = { keys: keys as Readonly<Record<string, JsonValue>>, data }
    for (const [path, stamp] of Object.entries(stamps)) if (stamp > 0) this.#note(path, stamp)
  }

  names(root: Root): readonly string[] {
    const stamped = [...this.#stamps[root].keys(), ...this.#keyStamps[root].keys()]
    return [...Object.keys(this.#values[root]), ...stamped]
  }

  field(root: Root, name: string): StampedField {
    const values = this.#values[root]
    return {
      value: Object.hasOwn(values, name) ? values[name] : undefined,
      stamp: this.#stamps[root].get(name) ?? 0,
      keyStamps: this.#keyStamps[root].get(name) ?? new Map(),
    }
  }

  /** `data.data.token` is the key `token` of the field `data` of the data; a key may have dots of its own. */
  #note(path: string, stamp: number): void {
    const [root, name, ...rest] = path.split('.')
    if ((root !== 'keys' && root !== 'data') || name === undefined) return
    if (rest.length === 0) this.#stamps[root].set(name, stamp)
    else {
      const keys = this.#keyStamps[root].get(name) ?? new Map<string, number>()
      this.#keyStamps[root].set(name, keys.set(rest.join('.'), stamp))
    }
  }
}
