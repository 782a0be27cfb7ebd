import { isDeepStrictEqual } from 'node:util'
import { Kind, type TSchema } from '@sinclair/typebox'
import { Value, type ValueError, ValueErrorType } from '@sinclair/typebox/value'
import type { JsonValue } from '../json/json-value.js'
import { isObject } from '../kit/unknown-value.js'

/**
 * A schema of `@sinclair/typebox`, of whichever installed copy: its own `TSchema` belongs to one copy, and two copies of it are not
 * assignable to each other.
 */
export interface DetailsSchema {
  /** What a value of the schema is, for the compiler only. */
  readonly static: unknown
}

/** The type of the details that a schema describes; unknown where no schema is known. From TypeBox's `Static`. */
export type DetailsOf<Schema extends DetailsSchema> = (Schema & { params: [] })['static']

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

/**
 * Says where details do not match their schema and what was expected there, without the value, which may be secret. Undefined where they
 * match, and where TypeBox cannot tell: `Type.Unsafe`, `Type.Ref`, and a format that nobody has taught it.
 *
 * @param details as the client gets them, in plain JSON
 */
export function mismatchOf(
  schema: DetailsSchema,
  details: JsonValue | undefined,
): string | undefined {
  const known = schema as unknown as TSchema
  try {
    if (Value.Check(known, details)) return undefined
    const wrong = [...Value.Errors(known, details)].find((error) => !isOfUnknownFormat(error))
    if (wrong === undefined) return undefined
    if (details === undefined) return 'none were given'
    return `${wrong.path === '' ? '' : `${wrong.path}: `}${wrong.message}`
  } catch {
    // TypeBox throws for a kind of schema, or a reference, that it does not know.
    return undefined
  }
}

function isOfUnknownFormat(error: ValueError): boolean {
  return (
    error.type === ValueErrorType.StringFormatUnknown ||
    error.errors.some((branch) => [...branch].some(isOfUnknownFormat))
  )
}
