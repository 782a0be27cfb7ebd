import { isObject } from '../kit/unknown-value.js'
import type { Dialect, Schema } from './api-document.js'

/** Finds the reference to a shared schema by its `$id`; undefined where the document has none. */
export type FindReference = (id: string) => string | undefined

/** Makes of a schema with an `$id` a shared one, and returns the reference to it. */
export type ShareSchema = (id: string, schema: Schema) => string

/** What a schema is written for. */
export interface SchemaTarget {
  readonly dialect: Dialect
  readonly find: FindReference
  readonly share: ShareSchema
}

const KEYED: ReadonlySet<string> = new Set(['properties', 'patternProperties'])
const VALUES: ReadonlySet<string> = new Set([
  'default',
  'enum',
  'const',
  'example',
  'examples',
  'required',
])

/** Copies a schema into the words of a document: plain JSON, with references to its components. */
export function writeSchema(schema: unknown, target: SchemaTarget): unknown {
  if (!isObject(schema)) return schema
  const { $id, ...rest } = schema as Schema
  if (typeof $id === 'string') return { $ref: target.share($id, rest) }
  if (typeof rest.$ref === 'string') {
    const found = target.find(rest.$ref.replace(/#$/, ''))
    return found === undefined ? {} : { $ref: found }
  }
  const written = Object.fromEntries(
    Object.entries(rest)
      .filter(([, value]) => value !== undefined && typeof value !== 'function')
      .map(([keyword, value]) => [keyword, writeValue(keyword, value, target)]),
  )
  return target.dialect === 'openapi-3.1' ? written : inOlderWords(written, target.dialect)
}

function writeValue(keyword: string, value: unknown, target: SchemaTarget): unknown {
  if (VALUES.has(keyword)) return value
  if (Array.isArray(value)) return value.map((item) => writeSchema(item, target))
  if (!KEYED.has(keyword) || !isObject(value)) return writeSchema(value, target)
  const entries = Object.entries(value).map(([name, item]) => [name, writeSchema(item, target)])
  return Object.fromEntries(entries)
}

/** OpenAPI 3.0 and Swagger 2 have no `const`, no null type, no lists of types and one example. */
function inOlderWords(schema: Schema, dialect: Dialect): Schema {
  const { const: only, examples, patternProperties, $schema: _, ...rest } = schema
  let written: Schema = rest
  if (only !== undefined) written = { ...written, enum: [only] }
  if (Array.isArray(examples)) written = { ...written, example: examples[0] }
  const [values] = isObject(patternProperties) ? Object.values(patternProperties) : []
  if (values !== undefined) written = { ...written, additionalProperties: values }
  const { type, exclusiveMinimum, exclusiveMaximum } = written
  if (typeof exclusiveMinimum === 'number')
    written = { ...written, minimum: exclusiveMinimum, exclusiveMinimum: true }
  if (typeof exclusiveMaximum === 'number')
    written = { ...written, maximum: exclusiveMaximum, exclusiveMaximum: true }
  if (type === 'null') written = { type: 'object', enum: [null], nullable: true }
  if (Array.isArray(type)) {
    const { type: _types, ...untyped } = written
    const types = type.filter((each) => each !== 'null')
    const only =
      types.length === 1 ? { type: types[0] } : { anyOf: types.map((each) => ({ type: each })) }
    written = { ...untyped, ...only, ...(types.length < type.length ? { nullable: true } : {}) }
  }
  return dialect === 'swagger-2' ? withoutUnions(written) : written
}

/** Swagger 2 has none of these keywords: what they say is left out. */
function withoutUnions(schema: Schema): Schema {
  const { anyOf: _any, oneOf: _one, nullable: _null, not: _not, ...rest } = schema
  return rest
}
