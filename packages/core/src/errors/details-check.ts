import { Kind, type TSchema } from '@sinclair/typebox'
import { Value, ValueErrorType } from '@sinclair/typebox/value'
import type { JsonValue } from '../json/json-value.js'
import { shortened } from '../kit/cut-text.js'
import { isObject } from '../kit/unknown-value.js'
import { printableText } from '../log/printable-text.js'
import { type DetailsSchema, mayBeLeftOut } from './details-schema.js'

/**
 * Says where details, in plain JSON, do not match their schema and what was expected there, without the value, which may be secret.
 * Undefined where they match, and where TypeBox cannot tell.
 */
export type DetailsCheck = (details: JsonValue | undefined) => string | undefined

/** Characters of a path, whose keys may be a client's. */
const MAX_PATH_CHARS = 200
/** The pattern of `Type.Record(Type.String(), ...)`. */
const ANY_KEY = '^(.*)$'
const ANYTHING = { [Kind]: 'Unknown' }

/**
 * Makes the check of details by their schema. Patterns and formats are left out of it: the texts may be a client's, and a regular
 * expression that backtracks would hold the process up.
 */
export function checkOfDetails(schema: DetailsSchema): DetailsCheck {
  let known: TSchema | undefined
  return (details) => {
    if (details === undefined && mayBeLeftOut(schema)) return undefined
    try {
      known ??= withoutPatterns(schema) as TSchema
      if (Value.Check(known, details)) return undefined
      if (details === undefined) return 'none were given'
      // The first is enough: a list may have as many errors as items.
      const wrong = Value.Errors(known, details).First()
      if (wrong === undefined || wrong.type === ValueErrorType.Kind) return undefined
      const path = shortened(printableText(wrong.path), MAX_PATH_CHARS)
      return `${path === '' ? '' : `${path}: `}${wrong.message}`
    } catch {
      // TypeBox throws for a kind of schema, or a reference, that it does not know.
      return undefined
    }
  }
}

function withoutPatterns(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutPatterns)
  if (!isObject(schema)) return schema
  const copy: Record<PropertyKey, unknown> = { ...schema }
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'format') delete copy.format
    else if (keyword === 'pattern') copy.pattern = ''
    else if (keyword === 'patternProperties') copy[keyword] = anyKeysOf(value as object)
    else if (keyword === 'properties' || keyword === '$defs')
      copy[keyword] = eachOf(value as object)
    else copy[keyword] = withoutPatterns(value)
  }
  return copy
}

/** The values of keys with a pattern are not looked at: which keys these are is not known without it. */
function anyKeysOf(byPattern: object): object {
  return Object.keys(byPattern)[0] === ANY_KEY ? eachOf(byPattern) : { '': ANYTHING }
}

function eachOf(schemas: object): object {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, each]) => [name, withoutPatterns(each)]),
  )
}
