import type { JsonValue } from '../json-value.js'

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
