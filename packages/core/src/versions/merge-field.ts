import type { JsonValue } from '../json/json-value.js'

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
