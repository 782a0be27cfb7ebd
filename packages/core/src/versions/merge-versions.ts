import type { JsonValue } from '../json/json-value.js'

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

type Value = JsonValue | undefined

/** A field of a version, and when it got what it has. */
export interface StampedField {
  /** Undefined for a field that the version lacks. */
  readonly value: Value
  /** Of the value as a whole; 0 when it was not changed. */
  readonly stamp: number
  /** Of single keys of an object that were changed after the whole of it. */
  readonly keyStamps: ReadonlyMap<string, number>
}

/** What stands under one key of an object. */
interface StampedKey {
  readonly value: Value
  readonly stamp: number
}

/** What a value is, from what gives way to what stays, where two have the same stamp. */
type Shape = 'lacking' | 'null' | 'plain' | 'object'
const SHAPES: readonly Shape[] = ['lacking', 'null', 'plain', 'object']

/**
 * Merges two versions of one field. An object is merged key by key: a key counts as changed with the whole of its object, or
 * when it was changed after that; what was changed before the newer of the two wholes is gone.
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

/** The keys of a field as an object, those among them that it no longer has. */
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
  // Not by assignment, which would take a key such as `__proto__` for something else.
  return Object.fromEntries(present)
}

function isHigher(one: StampedKey, other: StampedKey): boolean {
  if (one.stamp !== other.stamp) return one.stamp > other.stamp
  if (one.value === other.value) return false
  const [shape, otherShape] = [shapeOf(one.value), shapeOf(other.value)]
  if (shape !== otherShape) return higherShape(shape, otherShape) === shape
  return textOf(one.value) > textOf(other.value)
}

/** JSON text that is the same for equal values, in whatever order a database gives the keys back. */
function textOf(value: Value): string {
  return JSON.stringify(value, (_, part: Value) => {
    if (part === undefined || part === null || !isJsonObject(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
  })
}

/** A JSON object. */
type JsonObject = { readonly [key: string]: JsonValue }

/** What is no object stands under this key once there are others beside it. */
export const PLAIN_KEY = 'data'

/** A value as an object, so that others can be merged into it: null is one without keys, what else is none stands under `data`. */
export function keyedValue(value: JsonValue): JsonObject {
  if (value === null) return {}
  return isJsonObject(value) ? value : { [PLAIN_KEY]: value }
}

/** Whether a value is an object, and no list. */
export function isJsonObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
