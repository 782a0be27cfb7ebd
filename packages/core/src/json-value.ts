import {
  DEFAULT_JSON_LIMITS,
  type JsonLimits,
  type JsonValue,
  type JsonVisitor,
} from './json-data.js'
import { JsonWalk, UNREADABLE } from './json-walk.js'

export { cutText } from './cut-text.js'
export {
  DEFAULT_JSON_LIMITS,
  type JsonLimits,
  type JsonValue,
  type JsonVisitor,
} from './json-data.js'

/**
 * Copies any value into plain JSON data; never throws, never changes the value, always bounded by the limits.
 *
 * As JSON.stringify, but a Map becomes an object (a key that is an object is written `[key 0]`, by its position), a Set
 * an array, a bigint its digits, an error its fields, binary data `[binary: 12 bytes]`, and what JSON refuses a marker.
 */
export function toJsonValue(
  value: unknown,
  limits: JsonLimits = DEFAULT_JSON_LIMITS,
  visitor?: JsonVisitor,
): JsonValue {
  try {
    return new JsonWalk(limits, visitor).copy(value, 0) ?? null
  } catch {
    // Only a call from an almost exhausted stack comes here.
    return UNREADABLE
  }
}
