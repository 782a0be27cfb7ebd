/** Data that JSON can hold. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | JsonValue[]
  | { [key: string]: JsonValue }

/** How much of a value is copied. The rest is left out, and a marker says how much. */
export interface JsonLimits {
  /** Levels of nested objects and arrays, at most 256. @default 32 */
  maxDepth: number
  /** Values in total, of any type. @default 10_000 */
  maxNodes: number
  /** Bytes (UTF-8) of one string. @default 65_536 */
  maxStringBytes: number
  /** Bytes (UTF-8) of all keys and strings together. @default 1_048_576 */
  maxTotalBytes: number
}

/** The limits when none are given. */
export const DEFAULT_JSON_LIMITS: JsonLimits = {
  maxDepth: 32,
  maxNodes: 10_000,
  maxStringBytes: 65_536,
  maxTotalBytes: 1_048_576,
}

/** Changes keys and values while they are copied, as the redactor does. */
export interface JsonVisitor {
  /** Returns the key to write. */
  key(key: string): string
  /** Returns what to write in place of the value; undefined to copy the value as usual. */
  property(key: string, value: unknown, holder: object): JsonValue | undefined
  /** The work that may be done. Once it is spent, the rest of the value is left out. */
  readonly budget?: { readonly isSpent: boolean }
  /** Returns whether to leave a property out. */
  omits?(key: string, holder: object): boolean
  /** Returns what to write for NaN and infinite numbers, which JSON does not have. @default null */
  number?(value: number): JsonValue
  /** Returns what to write for a string, cut to about `maxBytes` bytes (UTF-8). */
  string(text: string, maxBytes: number): string
}
