import { types } from 'node:util'
import { bytesOf, cutText, MAX_READ_CHARS } from './cut-text.js'
import type { JsonLimits, JsonValue, JsonVisitor } from './json-data.js'

/** Stands for what throws when it is read. */
export const UNREADABLE = '[unreadable]'
const TOO_DEEP = '[truncated: too deep]'
// The walker calls itself, so no setting may let a deep value overflow the stack.
const DEPTH_CEILING = 256
const KEY_MAX_BYTES = 1024
// Digits of a longer one cost quadratic time.
const BIGINT_CEILING = 1n << 4096n
/** Characters behind a cut that decide how it is made: whether the word at the cut goes on. */
const BEYOND_CUT = 256
const DROPPED_BYTES = /\[truncated: (\d+) bytes\]$/
const ERROR_FIELDS = ['name', 'message', 'code', 'stack', 'cause', 'errors']

/** One copy in the making; `copy` may throw only when the stack is all but exhausted. */
export class JsonWalk {
  private nodes = 0
  private bytes = 0
  /** The objects around the one being copied, by depth. */
  private readonly ancestors: object[] = []
  private readonly limits: JsonLimits
  private readonly visitor: JsonVisitor | undefined
  private readonly budget: { readonly isSpent: boolean } | undefined
  private readonly maxDepth: number

  constructor(limits: JsonLimits, visitor: JsonVisitor | undefined) {
    this.limits = limits
    this.visitor = visitor
    this.budget = visitor?.budget
    this.maxDepth = Math.min(limits.maxDepth, DEPTH_CEILING)
  }

  /** The copy, or undefined for what JSON leaves out. */
  copy(value: unknown, depth: number): JsonValue | undefined {
    this.nodes += 1
    switch (typeof value) {
      case 'string':
        return this.string(value)
      case 'number':
        // + 0 because JSON knows no -0.
        return Number.isFinite(value) ? value + 0 : (this.visitor?.number?.(value) ?? null)
      case 'boolean':
        return value
      case 'bigint':
        return digits(value)
      case 'object':
        return value === null ? null : this.object(value, depth)
      default:
        return undefined
    }
  }

  private string(text: string): string {
    if (text.length > MAX_READ_CHARS) return cutText(text, 0)
    const { maxStringBytes, maxTotalBytes } = this.limits
    const maxBytes = Math.max(0, Math.min(maxStringBytes, maxTotalBytes - this.bytes))
    const copy = this.visited(text, maxBytes)
    // What was read counts as well: it is work, however little of it is left.
    const read = copy === text ? 0 : Math.min(text.length, maxBytes)
    this.bytes += Math.max(read, Buffer.byteLength(copy))
    return copy
  }

  private visited(text: string, maxBytes: number): string {
    const { visitor } = this
    if (visitor === undefined) return cutText(text, maxBytes)
    if (text.length <= maxBytes + BEYOND_CUT) return visitor.string(text, maxBytes)
    return ofBeginning(text, maxBytes, (beginning) => visitor.string(beginning, maxBytes))
  }

  private visitedKey(key: string): string {
    const { visitor } = this
    if (visitor === undefined) return cutText(key, KEY_MAX_BYTES)
    if (key.length <= KEY_MAX_BYTES) return cutText(visitor.key(key), KEY_MAX_BYTES)
    return ofBeginning(key, KEY_MAX_BYTES, (name) => cutText(visitor.key(name), KEY_MAX_BYTES))
  }

  private object(value: object, depth: number, isReplacement = false): JsonValue | undefined {
    if (depth >= this.maxDepth) return TOO_DEEP
    for (let at = 0; at < depth; at += 1) if (this.ancestors[at] === value) return '[circular]'
    this.ancestors[depth] = value
    try {
      const prototype: unknown = Object.getPrototypeOf(value)
      if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) {
        const copy = this.builtIn(value, depth)
        if (copy !== undefined) return copy
      }
      if (!isReplacement) {
        const { toJSON } = value as { toJSON?: unknown }
        if (typeof toJSON === 'function')
          return this.replacement(toJSON.call(value, ''), value, depth)
      }
      return this.properties(value, depth)
    } catch {
      // A revoked proxy, a trap or a toJSON that throws: anything may be thrown here.
      return UNREADABLE
    }
  }

  /** What a toJSON returned; as in JSON, its own toJSON is not called. */
  private replacement(result: unknown, value: object, depth: number): JsonValue | undefined {
    if (result === value) return this.properties(value, depth)
    if (typeof result !== 'object' || result === null) return this.copy(result, depth + 1)
    return this.object(result, depth + 1, true)
  }

  /** The built-in classes whose data is not in properties; undefined for every other object. */
  private builtIn(value: object, depth: number): JsonValue | undefined {
    if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return binary(value.byteLength)
    if (types.isDate(value)) return dateText(value)
    if (types.isMap(value)) return this.map(value, depth)
    if (types.isSet(value)) return this.set(value, depth)
    if (types.isRegExp(value)) return this.string(RegExp.prototype.toString.call(value))
    if (types.isBoxedPrimitive(value)) return this.copy(value.valueOf(), depth + 1)
    if (value instanceof URL || value instanceof URLSearchParams) return this.string(String(value))
    if (value instanceof Blob) return binary(value.size)
    return undefined
  }

  private list(list: readonly unknown[], depth: number): JsonValue {
    const copy: JsonValue[] = []
    const length = Number(list.length)
    for (let index = 0; index < length; index += 1) {
      if (this.isFull()) {
        copy.push(dropped(length - index))
        break
      }
      copy.push(this.copy(read(list, index), depth + 1) ?? null)
    }
    return copy
  }

  private properties(value: object, depth: number): JsonValue {
    if (Array.isArray(value)) return this.list(value, depth)
    // All keys at once: for...in collects them before its first turn too, and takes as long (0.4 us a key).
    const keys = Object.keys(value)
    if (!types.isNativeError(value) && !(value instanceof Error))
      return this.fields(keys, value, depth)
    const present = ERROR_FIELDS.filter((key) => key in value)
    return this.fields(
      [...present, ...keys.filter((key) => !ERROR_FIELDS.includes(key))],
      value,
      depth,
    )
  }

  private fields(keys: readonly string[], holder: object, depth: number): JsonValue {
    const copy: { [key: string]: JsonValue } = {}
    let left = keys.length
    for (const key of keys) {
      if (this.isFull()) {
        copy['[truncated]'] = dropped(left)
        break
      }
      this.put(copy, key, read(holder, key), holder, depth)
      left -= 1
    }
    return copy
  }

  // Map and Set are read by the built-in iterators, which a subclass cannot replace.
  private map(map: ReadonlyMap<unknown, unknown>, depth: number): JsonValue {
    const copy: { [key: string]: JsonValue } = {}
    let index = 0
    for (const [key, value] of Map.prototype.entries.call(map)) {
      if (this.isFull()) {
        copy['[truncated]'] = dropped(map.size - index)
        break
      }
      this.put(copy, keyText(key, index), value, map, depth)
      index += 1
    }
    return copy
  }

  private set(set: ReadonlySet<unknown>, depth: number): JsonValue {
    const copy: JsonValue[] = []
    for (const item of Set.prototype.values.call(set)) {
      if (this.isFull()) {
        copy.push(dropped(set.size - copy.length))
        break
      }
      copy.push(this.copy(item, depth + 1) ?? null)
    }
    return copy
  }

  private put(
    copy: { [key: string]: JsonValue },
    key: string,
    value: unknown,
    holder: object,
    depth: number,
  ): void {
    const written = this.visitedKey(key)
    if (this.visitor?.omits?.(key, holder) === true) return
    const replacement = this.visitor?.property(key, value, holder)
    if (replacement !== undefined) this.nodes += 1
    // One that stays as it is.
    if (typeof replacement === 'string' && replacement === value)
      this.bytes += Buffer.byteLength(replacement)
    const item = replacement ?? this.copy(value, depth + 1)
    if (item === undefined) return
    this.bytes += Math.max(key.length, Buffer.byteLength(written))
    if (written === '__proto__') {
      Object.defineProperty(copy, written, {
        value: item,
        enumerable: true,
        configurable: true,
        writable: true,
      })
    } else copy[written] = item
  }

  private isFull(): boolean {
    return (
      this.nodes >= this.limits.maxNodes ||
      this.bytes >= this.limits.maxTotalBytes ||
      this.budget?.isSpent === true
    )
  }
}

/** What a function makes of a text that it cuts to a number of bytes; it is given no more of it than it needs for that. */
function ofBeginning(text: string, maxBytes: number, make: (text: string) => string): string {
  const beginning = text.slice(0, maxBytes + BEYOND_CUT)
  const left = bytesOf(text) - Buffer.byteLength(beginning)
  return make(beginning).replace(DROPPED_BYTES, (_, bytes: string) => {
    return `[truncated: ${Number(bytes) + left} bytes]`
  })
}

function read(holder: object, key: string | number): unknown {
  try {
    return (holder as Record<string | number, unknown>)[key]
  } catch {
    // A getter may throw anything; the other properties are still worth having.
    return UNREADABLE
  }
}

function digits(value: bigint): string {
  return value < BIGINT_CEILING && value > -BIGINT_CEILING ? String(value) : '[truncated: bigint]'
}

function keyText(key: unknown, index: number): string {
  if (typeof key === 'string') return key
  if (typeof key === 'bigint') return digits(key)
  const isSimple =
    typeof key === 'number' || typeof key === 'boolean' || key === null || key === undefined
  return isSimple ? String(key) : `[key ${index}]`
}

function dateText(date: Date): string | null {
  const time = Date.prototype.getTime.call(date)
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}

function binary(bytes: number): string {
  return `[binary: ${bytes} bytes]`
}

function dropped(items: number): string {
  return `[truncated: ${items} items]`
}
