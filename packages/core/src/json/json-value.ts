/** Plain JSON data. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | JsonValue[]
  | { [key: string]: JsonValue }

/** How much of a value is copied. What is beyond is cut, and a marker says how much that was. */
export interface JsonLimits {
  /** Objects and arrays within each other, 256 at most. @default 32 */
  maxDepth: number
  /** Values of any type, taken together. @default 10_000 */
  maxNodes: number
  /** Bytes (UTF-8) of one string. @default 65_536 */
  maxStringBytes: number
  /** Bytes (UTF-8) of all keys and strings, taken together. @default 1_048_576 */
  maxTotalBytes: number
}

/** The limits of a copy that names none. */
export const DEFAULT_JSON_LIMITS: JsonLimits = {
  maxDepth: 32,
  maxNodes: 10_000,
  maxStringBytes: 65_536,
  maxTotalBytes: 1_048_576,
}

/** What may change keys and values on their way into the copy; a redactor is one. */
export interface JsonVisitor {
  /** The key to write. */
  key(key: string): string
  /** What to write in place of the value; undefined copies the value as usual. */
  property(key: string, value: unknown, holder: object): JsonValue | undefined
  /** The work that may be done; once it is spent the rest of the value is cut. */
  readonly budget?: { readonly isSpent: boolean }
  /** Whether to leave a property out. */
  omits?(key: string, holder: object): boolean
  /** What to write for a number that JSON does not have: NaN or an infinite one. @default null */
  number?(value: number): JsonValue
  /** What to write for a string, cut to `maxBytes` (UTF-8) or thereabouts. */
  string(text: string, maxBytes: number): string
}
