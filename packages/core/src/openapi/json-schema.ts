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

const KEYED: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
])
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
  const { dialect } = target
  return dialect === 'openapi-3.1' ? withPrefixItems(written) : inOlderWords(written, dialect)
}

function writeValue(keyword: string, value: unknown, target: SchemaTarget): unknown {
  if (VALUES.has(keyword)) return value
  if (Array.isArray(value)) return value.map((item) => writeSchema(item, target))
  if (!KEYED.has(keyword) || !isObject(value)) return writeSchema(value, target)
  const entries = Object.entries(value).map(([name, item]) => [name, writeSchema(item, target)])
  return Object.fromEntries(entries)
}

/** TypeBox writes a tuple in the words of JSON Schema 7; OpenAPI 3.1 has those of 2020. */
function withPrefixItems(schema: Schema): Schema {
  const { items, additionalItems, ...rest } = schema
  if (!Array.isArray(items)) return schema
  const others = additionalItems === undefined ? {} : { items: additionalItems }
  return { ...rest, prefixItems: items, ...others }
}

/** The keywords of a schema that Swagger 2 has too. */
const SWAGGER_2_WORDS: readonly string[] = [
  ...[
    'title',
    'description',
    'default',
    'example',
    'format',
    'type',
    'enum',
    'externalDocs',
    'xml',
  ],
  ...['multipleOf', 'maximum', 'exclusiveMaximum', 'minimum', 'exclusiveMinimum', 'pattern'],
  ...['maxLength', 'minLength', 'maxItems', 'minItems', 'uniqueItems', 'items'],
  ...['maxProperties', 'minProperties', 'required', 'properties', 'additionalProperties'],
  ...['allOf', 'readOnly'],
]

/** The keywords that a document may have where it is older than JSON Schema 2020. */
const OLDER_WORDS: Readonly<Record<Exclude<Dialect, 'openapi-3.1'>, ReadonlySet<string>>> = {
  'swagger-2': new Set(SWAGGER_2_WORDS),
  'openapi-3.0': new Set([
    ...SWAGGER_2_WORDS,
    ...['anyOf', 'oneOf', 'not', 'nullable', 'writeOnly', 'deprecated', 'discriminator'],
  ]),
}

/** OpenAPI 3.0 and Swagger 2 have no `const`, no null type, no lists of types, no tuples and one example. What else they lack is left out. */
function inOlderWords(schema: Schema, dialect: Exclude<Dialect, 'openapi-3.1'>): Schema {
  const { const: only, examples, patternProperties, items } = schema
  let written: Schema = schema
  if (only !== undefined) written = { ...written, enum: [only] }
  if (Array.isArray(examples)) written = { ...written, example: examples[0] }
  const [values] = isObject(patternProperties) ? Object.values(patternProperties) : []
  if (values !== undefined) written = { ...written, additionalProperties: values }
  if (Array.isArray(items)) {
    const each = dialect === 'swagger-2' || items.length === 0 ? {} : { anyOf: items }
    written = { ...written, items: each }
  }
  const { type, exclusiveMinimum, exclusiveMaximum } = written
  if (typeof exclusiveMinimum === 'number')
    written = { ...written, minimum: exclusiveMinimum, exclusiveMinimum: true }
  if (typeof exclusiveMaximum === 'number')
    written = { ...written, maximum: exclusiveMaximum, exclusiveMaximum: true }
  if (type === 'null') written = { ...written, type: 'object', enum: [null], nullable: true }
  if (type === 'array' && written.items === undefined) written = { ...written, items: {} }
  if (Array.isArray(type)) {
    const { type: _types, ...untyped } = written
    const types = type.filter((each) => each !== 'null')
    const only =
      types.length === 1 ? { type: types[0] } : { anyOf: types.map((each) => ({ type: each })) }
    written = { ...untyped, ...only, ...(types.length < type.length ? { nullable: true } : {}) }
  }
  const words = OLDER_WORDS[dialect]
  return Object.fromEntries(
    Object.entries(written).filter(([word]) => words.has(word) || word.startsWith('x-')),
  )
}
