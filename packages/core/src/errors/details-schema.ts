import { isDeepStrictEqual } from 'node:util'
import { Kind, OptionalKind } from '@sinclair/typebox'
import { isObject } from '../kit/unknown-value.js'

/**
 * A schema of `@sinclair/typebox`, of whichever installed copy: its own `TSchema` belongs to one copy, and two copies of it are not
 * assignable to each other.
 */
export interface DetailsSchema {
  /** What a value of the schema is, for the compiler only. */
  readonly static: unknown
}

/** Whether a schema is marked by `Type.Optional`: one of its symbols has that value, in whichever copy. */
type IsOptional<Schema> = {
  [Mark in keyof Schema & symbol]: Schema[Mark] extends 'Optional' ? true : never
}[keyof Schema & symbol]

/** The type of the details that a schema describes; unknown where no schema is known. From TypeBox's `Static`. */
export type DetailsOf<Schema extends DetailsSchema> = [Schema] extends [never]
  ? // What TypeScript makes of the schema of a definition within another call: registerError(defineError({ ... })).
    unknown
  : true extends IsOptional<Schema>
    ? (Schema & { params: [] })['static'] | undefined
    : (Schema & { params: [] })['static']

/** Whether an error may be thrown without its details, as their type says: those of `Type.Optional`. */
export function mayBeLeftOut(schema: DetailsSchema): boolean {
  return OptionalKind in schema
}

/** Whether a value is a schema of TypeBox, of whichever copy: the key is of `Symbol.for`. */
export function isDetailsSchema(value: unknown): value is DetailsSchema {
  return isObject(value) && typeof (value as { readonly [Kind]?: unknown })[Kind] === 'string'
}

/** Whether two definitions describe their details alike, by the contents of the schemas. */
export function isSameSchema(
  one: DetailsSchema | undefined,
  other: DetailsSchema | undefined,
): boolean {
  if (one === other) return true
  if (one === undefined || other === undefined) return false
  return isDeepStrictEqual(jsonOf(one), jsonOf(other))
}

function jsonOf(schema: DetailsSchema): unknown {
  return JSON.parse(JSON.stringify(schema)) as unknown
}

/** What JSON has, by the keyword `type`. */
const JSON_TYPES: ReadonlySet<unknown> = new Set([
  'array',
  'boolean',
  'integer',
  'null',
  'number',
  'object',
  'string',
])

/**
 * A type in a schema that no JSON has: `Date`, `bigint`, `undefined`. Details of such a type do not reach the client as they are, and no
 * document has a word for them. Undefined where there is none.
 */
export function typeBeyondJson(schema: unknown, seen = new Set<object>()): string | undefined {
  if (!isObject(schema) || seen.has(schema)) return undefined
  seen.add(schema)
  const { type } = schema as { readonly type?: unknown }
  // The type of TypeBox's schemas only: an example or a property may be called `type` too.
  const isOwnWord = Kind in schema && typeof type === 'string'
  if (isOwnWord && !JSON_TYPES.has(type)) return type
  for (const part of Object.values(schema)) {
    const found = typeBeyondJson(part, seen)
    if (found !== undefined) return found
  }
  return undefined
}
