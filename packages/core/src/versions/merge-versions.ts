import type { JsonValue } from '../json/json-value.js'

/**
 * When each field of a record was last changed, by the path of the field: `data.status`, `keys.status`, or `data.data.token` for one
 * key of an object. A stamp is a number that grows with time, such as microseconds since 1970. Fields that were not changed since
 * the record was made have none, which counts as 0.
 */
export type FieldStamps = Readonly<Record<string, number>>

/** One version of a record that several processes may change at the same time. */
export interface StampedVersion<Keys extends object> {
  /** The fields by which the record can be searched. */
  readonly keys: Keys
  readonly data: { readonly [field: string]: JsonValue }
  /** Undefined when the record was never changed. */
  readonly stamps?: FieldStamps | undefined
}

/** The result of merging two versions of a record. */
export interface MergedVersion<Keys extends object> extends StampedVersion<Keys> {
  readonly stamps: FieldStamps
}

type Root = 'keys' | 'data'

/**
 * Merges two versions of one record: of each field the value with the higher stamp is kept. The result depends neither on the order
 * in which versions are merged nor on how often. If the stamps are equal or missing, the order of preference is: an object, another
 * value, null, a missing field; of two equally preferred values the one whose JSON text sorts higher is kept. So bodies that were
 * dropped under load, which are null and have no stamp, never replace a body of another version.
 */
export function mergeVersions<Keys extends object>(
  one: StampedVersion<Keys>,
  other: StampedVersion<Keys>,
): MergedVersion<Keys> {
  const fieldsOfOne = new VersionFields(one)
  const fieldsOfOther = new VersionFields(other)
  const stamps = new Map<string, number>()
  const merged = (root: Root) => mergeRoot(root, fieldsOfOne, fieldsOfOther, stamps)
  // A key that is null counts as removed.
  const keys = merged('keys').filter(([, value]) => value !== null)
  return {
    keys: Object.fromEntries(keys) as Keys,
    data: Object.fromEntries(merged('data')),
    stamps: Object.fromEntries(stamps),
  }
}

/** Merges the fields of `keys` or of `data`, and adds their stamps to `stamps`. */
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

/** The fields of a version, with their stamps, by name. */
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

  /** The path `data.data.token` is the key `token` of the field `data` in `data`. The name of a key may contain dots. */
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

type Value = JsonValue | undefined

/** A field of a version, and when it was changed. */
export interface StampedField {
  /** Undefined when the version has no such field. */
  readonly value: Value
  /** The stamp of the value as a whole; 0 when it was never changed. */
  readonly stamp: number
  /** The stamps of single keys of an object that were changed later than the object as a whole. */
  readonly keyStamps: ReadonlyMap<string, number>
}

/** The value of one key of an object, and its stamp. */
interface StampedKey {
  readonly value: Value
  readonly stamp: number
}

/** The kind of a value. Of two values with the same stamp the one whose kind comes later in SHAPES is kept. */
type Shape = 'lacking' | 'null' | 'plain' | 'object'
const SHAPES: readonly Shape[] = ['lacking', 'null', 'plain', 'object']

/**
 * Merges two versions of one field. Objects are merged key by key. The stamp of a key is its own, or else that of its object as a
 * whole. Keys whose stamp is lower than that of the newer object as a whole are dropped.
 */
export function mergeField(one: StampedField, other: StampedField): StampedField {
  const stamp = Math.max(one.stamp, other.stamp)
  const keys = new Map<string, StampedKey>()
  let shape: Shape = 'lacking'
  for (const field of [one, other]) {
    const isCurrent = field.stamp === stamp
    if (isCurrent) shape = higherShape(shape, shapeOf(field.value))
    for (const [key, { value, stamp: keyStamp }] of keysOf(field)) {
      if (keyStamp > stamp) shape = 'object'
      else if (!isCurrent) continue
      const known = keys.get(key)
      if (known === undefined || isHigher({ value, stamp: keyStamp }, known))
        keys.set(key, { value, stamp: keyStamp })
    }
  }
  const changed = [...keys].filter(([, key]) => key.stamp > stamp)
  const keyStamps = new Map(changed.map(([key, { stamp: keyStamp }]) => [key, keyStamp]))
  return { value: rendered(shape, keys), stamp, keyStamps }
}

function shapeOf(value: Value): Shape {
  if (value === undefined) return 'lacking'
  if (value === null) return 'null'
  return isJsonObject(value) ? 'object' : 'plain'
}

function higherShape(one: Shape, other: Shape): Shape {
  return SHAPES.indexOf(one) > SHAPES.indexOf(other) ? one : other
}

/** The keys of a field as an object, including those that were removed from it. */
function keysOf({ value, stamp, keyStamps }: StampedField): ReadonlyMap<string, StampedKey> {
  const keys = new Map<string, StampedKey>()
  for (const [key, entry] of Object.entries(keyedValue(value ?? null)))
    keys.set(key, { value: entry, stamp })
  for (const [key, keyStamp] of keyStamps) {
    if (keyStamp > stamp) keys.set(key, { value: keys.get(key)?.value, stamp: keyStamp })
  }
  return keys
}

function rendered(shape: Shape, keys: ReadonlyMap<string, StampedKey>): Value {
  if (shape === 'lacking') return undefined
  if (shape === 'null') return null
  if (shape === 'plain') return keys.get(PLAIN_KEY)?.value
  const present = [...keys].flatMap(([key, { value }]) => {
    return value === undefined ? [] : [[key, value] as const]
  })
  // Not by assignment, which would treat the key `__proto__` differently.
  return Object.fromEntries(present)
}

function isHigher(one: StampedKey, other: StampedKey): boolean {
  if (one.stamp !== other.stamp) return one.stamp > other.stamp
  if (one.value === other.value) return false
  const [shape, otherShape] = [shapeOf(one.value), shapeOf(other.value)]
  if (shape !== otherShape) return higherShape(shape, otherShape) === shape
  return textOf(one.value) > textOf(other.value)
}

/** JSON text with sorted keys, since a database may return the keys of an object in any order. */
function textOf(value: Value): string {
  return JSON.stringify(value, (_, part: Value) => {
    if (part === undefined || part === null || !isJsonObject(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
  })
}

/** A JSON object. */
type JsonObject = { readonly [key: string]: JsonValue }

/** The key of a value that is not an object, once it is turned into one. */
export const PLAIN_KEY = 'data'

/** Turns a value into an object, so that keys can be merged into it: null becomes an empty object, other values get the key `data`. */
export function keyedValue(value: JsonValue): JsonObject {
  if (value === null) return {}
  return isJsonObject(value) ? value : { [PLAIN_KEY]: value }
}

/** Whether a value is an object and not a list. */
export function isJsonObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
