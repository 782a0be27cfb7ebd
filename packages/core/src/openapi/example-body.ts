import type { TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { FastifyRequest } from 'fastify'
import type { ErrorFormat } from '../answer/error-format.js'
import type { DetailsSchema } from '../errors/details-schema.js'
import { fillMessage } from '../errors/error-message.js'
import { type Failure, failureOf } from '../errors/failure.js'
import type { DocumentedError } from './route-responses.js'

const VALIDATION_EXAMPLE = [{ path: 'body/quantity', message: 'must be integer' }]

/** The body that a built-in format makes of an error: what is documented is what is sent. */
export function exampleBody({ format }: ErrorFormat, error: DocumentedError, url: string): unknown {
  const { status, id, code, template, isValidation, hasOwnId } = error
  const details = isValidation ? VALIDATION_EXAMPLE : exampleOf(error.details)
  const message =
    template === undefined ? error.message : fillMessage(template, undefined, details).text
  // The format asks only whether the id is the error's own.
  const registered = hasOwnId ? ({ id, code: status, message } as Failure['registered']) : undefined
  const failure = failureOf({ status, id, code, message, registered }, undefined, details)
  const validation = isValidation ? VALIDATION_EXAMPLE : undefined
  return format({ ...failure, validation }, { url } as FastifyRequest)
}

/** An example of the details: the schema's own, else one that TypeBox makes. */
function exampleOf(details: DetailsSchema | undefined): unknown {
  if (details === undefined) return undefined
  const schema = details as unknown as TSchema
  const [example] = Array.isArray(schema.examples) ? schema.examples : [schema.example]
  if (example !== undefined) return example
  try {
    return Value.Create(schema)
  } catch {
    // A pattern or a reference, of which TypeBox makes no value.
    return undefined
  }
}
