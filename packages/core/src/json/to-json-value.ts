import { types } from 'node:util'
import { cutText, MAX_READ_CHARS } from '../kit/cut-text.js'
import {
  BEYOND_CUT,
  binary,
  dateText,
  digits,
  dropped,
  fieldsOf,
  keyText,
  ofBeginning,
  read,
  UNREADABLE,
} from './json-leaves.js'
import {
  DEFAULT_JSON_LIMITS,
  type JsonLimits,
  type JsonValue,
  type JsonVisitor,
} from './json-value.js'

const TOO_DEEP = '[truncated: too deep]'
// The copy is recursive, so no option may allow more levels than the stack can hold.
const DEPTH_CEILING = 256
const KEY_MAX_BYTES = 1024

/**
 * Copies any value as JSON data, within limits. Never throws, and never changes the value.
 *
 * As JSON.stringify does, except: a Map becomes an object (a key that is an object becomes its position, `[key 0]`), a Set an array,
 * a bigint its digits, an error its fields, binary data `[binary: 12 bytes]`, and what JSON.stringify throws on becomes a marker.
 */
export function toJsonValue(
  value: unknown,
  limits: JsonLimits = DEFAULT_JSON_LIMITS,
  visitor?: JsonVisitor,
): JsonValue {
  try {
    return new JsonWalk(limits, visitor).copy(value, 0) ?? null
  } catch {
    // Happens only when the stack is almost exhausted.
    return UNREADABLE
  }
}

/** Makes one copy. `copy` throws only when the stack is almost exhausted. */
class JsonWalk {
  #nodes = 0
  #bytes = 0
  /** The objects that contain the one being copied, by depth. */
  readonly #ancestors: object[] = []
  readonly #limits: JsonLimits
  readonly #visitor: JsonVisitor | undefined
  readonly #budget: { readonly isSpent: boolean } | undefined
  readonly #maxDepth: number

  constructor(limits: JsonLimits, visitor: JsonVisitor | undefined) {
    this.#limits = limits
    this.#visitor = visitor
    this.#budget = visitor?.budget
    this.#maxDepth = Math.min(limits.maxDepth, DEPTH_CEILING)
  }

  /** The copy of a value; undefined for values that JSON leaves out. */
  copy(value: unknown, depth: number): JsonValue | undefined {
    this.#nodes += 1
    switch (typeof value) {
      case 'string':
        return this.#string(value)
      case 'number':
        // + 0 turns -0 into 0, as JSON.stringify writes it.
        return Number.isFinite(value) ? value + 0 : (this.#visitor?.number?.(value) ?? null)
      case 'boolean':
        return value
      case 'bigint':
        return digits(value)
      case 'object':
        return value === null ? null : this.#object(value, depth)
      default:
        return undefined
    }
  }

  #string(text: string): string {
    if (text.length > MAX_READ_CHARS) return cutText(text, 0)
    const { maxStringBytes, maxTotalBytes } = this.#limits
    const maxBytes = Math.max(0, Math.min(maxStringBytes, maxTotalBytes - this.#bytes))
    const copy = this.#visited(text, maxBytes)
    // The bytes read count too, since reading is work even when little of the text is kept.
    const read = copy === text ? 0 : Math.min(text.length, maxBytes)
    this.#bytes += Math.max(read, Buffer.byteLength(copy))
    return copy
  }

  #visited(text: string, maxBytes: number): string {
    const visitor = this.#visitor
    if (visitor === undefined) return cutText(text, maxBytes)
    if (text.length <= maxBytes + BEYOND_CUT) return visitor.string(text, maxBytes)
    return ofBeginning(text, maxBytes, (beginning) => visitor.string(beginning, maxBytes))
  }

  #visitedKey(key: string): string {
    const visitor = this.#visitor
    if (visitor === undefined) return cutText(key, KEY_MAX_BYTES)
    if (key.length <= KEY_MAX_BYTES) return cutText(visitor.key(key), KEY_MAX_BYTES)
    return ofBeginning(key, KEY_MAX_BYTES, (name) => cutText(visitor.key(name), KEY_MAX_BYTES))
  }

  #object(value: object, depth: number, isReplacement = false): JsonValue | undefined {
    if (depth >= this.#maxDepth) return TOO_DEEP
    for (let at = 0; at < depth; at += 1) if (this.#ancestors[at] === value) return '[circular]'
    this.#ancestors[depth] = value
    try {
      const prototype: unknown = Object.getPrototypeOf(value)
      if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) {
        const copy = this.#builtIn(value, depth)
        if (copy !== undefined) return copy
      }
      if (!isReplacement) {
        const { toJSON } = value as { toJSON?: unknown }
        if (typeof toJSON === 'function')
          return this.#replacement(toJSON.call(value, ''), value, depth)
      }
      return this.#properties(value, depth)
    } catch {
      // A revoked Proxy, or a Proxy trap or toJSON that throws.
      return UNREADABLE
    }
  }

  /** Copies what a toJSON returned. As in JSON.stringify, a toJSON of the result is not called. */
  #replacement(result: unknown, value: object, depth: number): JsonValue | undefined {
    if (result === value) return this.#properties(value, depth)
    if (typeof result !== 'object' || result === null) return this.copy(result, depth + 1)
    return this.#object(result, depth + 1, true)
  }

  /** Copies an object of a built-in class whose data is not in properties; undefined for every other object. */
  #builtIn(value: object, depth: number): JsonValue | undefined {
    if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return binary(value.byteLength)
    if (types.isDate(value)) return dateText(value)
    if (types.isMap(value)) return this.#map(value, depth)
    if (types.isSet(value)) return this.#set(value, depth)
    if (types.isRegExp(value)) return this.#string(RegExp.prototype.toString.call(value))
    if (types.isBoxedPrimitive(value)) return this.copy(value.valueOf(), depth + 1)
    if (value instanceof URL || value instanceof URLSearchParams) return this.#string(String(value))
    if (value instanceof Blob) return binary(value.size)
    return undefined
  }

  #list(list: readonly unknown[], depth: number): JsonValue {
    const copy: JsonValue[] = []
    const length = Number(list.length)
    for (let index = 0; index < length; index += 1) {
      if (this.#isFull()) {
        copy.push(dropped(length - index))
        break
      }
      copy.push(this.copy(read(list, index), depth + 1) ?? null)
    }
    return copy
  }

  #properties(value: object, depth: number): JsonValue {
    if (Array.isArray(value)) return this.#list(value, depth)
    return this.#fields(fieldsOf(value), value, depth)
  }

  #fields(keys: readonly string[], holder: object, depth: number): JsonValue {
    const copy: { [key: string]: JsonValue } = {}
    let left = keys.length
    for (const key of keys) {
      if (this.#isFull()) {
        copy['[truncated]'] = dropped(left)
        break
      }
      this.#put(copy, key, read(holder, key), holder, depth)
      left -= 1
    }
    return copy
  }

  // Map and Set are read by the built-in iterators, because a subclass may have replaced its own.
  #map(map: ReadonlyMap<unknown, unknown>, depth: number): JsonValue {
    const copy: { [key: string]: JsonValue } = {}
    let index = 0
    for (const [key, value] of Map.prototype.entries.call(map)) {
      if (this.#isFull()) {
        copy['[truncated]'] = dropped(map.size - index)
        break
      }
      this.#put(copy, keyText(key, index), value, map, depth)
      index += 1
    }
    return copy
  }

  #set(set: ReadonlySet<unknown>, depth: number): JsonValue {
    const copy: JsonValue[] = []
    for (const item of Set.prototype.values.call(set)) {
      if (this.#isFull()) {
        copy.push(dropped(set.size - copy.length))
        break
      }
      copy.push(this.copy(item, depth + 1) ?? null)
    }
    return copy
  }

  #put(
    copy: { [key: string]: JsonValue },
    key: string,
    value: unknown,
    holder: object,
    depth: number,
  ): void {
    const written = this.#visitedKey(key)
    if (this.#visitor?.omits?.(key, holder) === true) return
    const replacement = this.#visitor?.property(key, value, holder)
    if (replacement !== undefined) this.#nodes += 1
    // The visitor has kept the string itself.
    if (typeof replacement === 'string' && replacement === value)
      this.#bytes += Buffer.byteLength(replacement)
    const item = replacement ?? this.copy(value, depth + 1)
    if (item === undefined) return
    this.#bytes += Math.max(key.length, Buffer.byteLength(written))
    if (written === '__proto__') {
      Object.defineProperty(copy, written, {
        value: item,
        enumerable: true,
        configurable: true,
        writable: true,
      })
    } else copy[written] = item
  }

  #isFull(): boolean {
    return (
      this.#nodes >= this.#limits.maxNodes ||
      this.#bytes >= this.#limits.maxTotalBytes ||
      this.#budget?.isSpent === true
    )
  }
}
