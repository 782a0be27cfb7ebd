import type { ErrorFormat, ErrorFormatName } from '../answer/error-format.js'
import type { Dialect, Schema } from './api-document.js'
import { GENERAL_NAMES, generalSchema, markOf, schemaOfError } from './body-schema.js'
import { type Components, componentName } from './components.js'
import { exampleBody } from './example-body.js'
import { type DocumentedError, keyOf } from './route-responses.js'

/** How the app writes error bodies, for one document. */
export interface ErrorBodies {
  readonly dialect: Dialect
  readonly components: Components
  /** The chosen format; undefined where only the application knows its bodies. */
  readonly chosen: { readonly name: ErrorFormatName; readonly format: ErrorFormat } | undefined
  /** The content type of error bodies. */
  readonly mediaType: string
  /** The schema that the application gives for its bodies. */
  readonly ownSchema: Schema | undefined
  /** The problem format, for clients that accept nothing else; undefined where its bodies are decorated. */
  readonly problem: ErrorFormat | undefined
}

const PROBLEM_TYPE = 'application/problem+json'

/** The response for the errors of one status. */
export function responseOf(
  errors: readonly DocumentedError[],
  bodies: ErrorBodies,
  url: string,
): Schema {
  const unique = withoutTwins(errors, bodies.chosen?.name ?? 'scs')
  const description = describe(unique)
  return bodies.dialect === 'swagger-2'
    ? { description, ...swagger2Body(unique, bodies, url) }
    : { description, ...contentOf(unique, bodies, url) }
}

/** Errors that a client cannot tell apart are one. */
function withoutTwins(
  errors: readonly DocumentedError[],
  format: ErrorFormatName,
): readonly DocumentedError[] {
  const marks = new Map<string, DocumentedError>()
  for (const error of errors) {
    const mark = markOf(format, error)
    if (!marks.has(mark)) marks.set(mark, error)
  }
  return [...marks.values()]
}

function describe(errors: readonly DocumentedError[]): string {
  const [first] = errors
  if (errors.length === 1 && first !== undefined) return first.message
  return errors.map(({ id, message }) => `- \`${id}\`: ${message}`).join('\n')
}

function contentOf(errors: readonly DocumentedError[], bodies: ErrorBodies, url: string): Schema {
  const { chosen, mediaType, ownSchema, problem } = bodies
  const content: Record<string, unknown> = {}
  if (ownSchema !== undefined) content[mediaType] = { schema: ownReference(bodies, ownSchema) }
  else if (chosen !== undefined) {
    const schema = unionOf(errors, chosen.name, bodies.components)
    content[mediaType] = { schema, examples: examplesOf(errors, chosen, url) }
  }
  if (problem !== undefined && content[PROBLEM_TYPE] === undefined) {
    content[PROBLEM_TYPE] = { schema: { $ref: generalReference('problem', bodies.components) } }
  }
  return Object.keys(content).length === 0 ? {} : { content }
}

function unionOf(
  errors: readonly DocumentedError[],
  format: ErrorFormatName,
  components: Components,
): Schema {
  const references = errors.map((error) => ({ $ref: referenceOf(error, format, components) }))
  const [only] = references
  return references.length === 1 && only !== undefined ? only : { oneOf: references }
}

function referenceOf(
  error: DocumentedError,
  format: ErrorFormatName,
  components: Components,
): string {
  const isNamedByCode = format === 'pymacaron' && error.isValidation
  const name = componentName(isNamedByCode ? 'invalid-parameter' : error.id, 'Error')
  return components.once(`${format} ${keyOf(error)}`, () =>
    components.schema(name, schemaOfError(format, error)),
  )
}

function generalReference(format: ErrorFormatName, components: Components): string {
  return components.schema(GENERAL_NAMES[format], generalSchema(format))
}

function ownReference({ components }: ErrorBodies, schema: Schema): Schema {
  return { $ref: components.schema('ErrorBody', schema) }
}

type Chosen = NonNullable<ErrorBodies['chosen']>

function examplesOf(
  errors: readonly DocumentedError[],
  { name, format }: Chosen,
  url: string,
): Schema {
  const entries = errors.map((error) => [
    markOf(name, error),
    { summary: error.message, value: exampleBody(format, error, url) },
  ])
  return Object.fromEntries(entries)
}

/** Swagger 2 has one schema for a response, no union, and one example for each media type. */
function swagger2Body(
  errors: readonly DocumentedError[],
  bodies: ErrorBodies,
  url: string,
): Schema {
  const { chosen, mediaType, ownSchema, components } = bodies
  if (ownSchema !== undefined) return { schema: ownReference(bodies, ownSchema) }
  const [first] = errors
  if (chosen === undefined || first === undefined) return {}
  const { name, format } = chosen
  const $ref =
    errors.length === 1 ? referenceOf(first, name, components) : generalReference(name, components)
  return { schema: { $ref }, examples: { [mediaType]: exampleBody(format, first, url) } }
}
