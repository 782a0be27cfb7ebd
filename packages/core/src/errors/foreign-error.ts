import type { JsonValue } from '../json/json-value.js'
import type { Redactor } from '../redact/redactor.js'
import { toAnswerDetails, type ValidationDetail } from './failure.js'

/** Fields that are not details: the answer shows them elsewhere, or not at all. */
const SHOWN: ReadonlySet<string> = new Set([
  'cause',
  'expose',
  'headers',
  'message',
  'stack',
  'status',
  'statusCode',
])

/** Whether an object is a plain one, of whichever realm, and no instance of a class. */
export function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/**
 * The details of a plain object that was thrown as an error, such as `errorResponseBuilder` of @fastify/rate-limit makes:
 * its other fields, bounded and redacted. Where `details` is the only one, its value.
 */
export function ownFieldsOf(thrown: object, redactor: Redactor): JsonValue | undefined {
  const fields = Object.entries(thrown).filter(([key]) => !SHOWN.has(key))
  const [first] = fields
  if (first === undefined) return undefined
  const details =
    fields.length === 1 && first[0] === 'details' ? first[1] : Object.fromEntries(fields)
  return toAnswerDetails(redactor.value(details))
}

/** The errors of validators, by name: of zod, valibot, Joi, Yup, Mongoose and TypeBox. */
const VALIDATORS: ReadonlySet<unknown> = new Set([
  'AssertError',
  'ValiError',
  'ValidationError',
  'ZodError',
  '$ZodError',
])

/** The fields by which the error of a validator is known. */
interface ValidatorError {
  readonly serialization?: unknown
  readonly validation?: unknown
  readonly name?: unknown
}

/**
 * Whether an error is about data of this service: Fastify could not serialize it, or a validator refused it. Not for errors about
 * the request, which have a status below 500.
 */
export function isValidationError({ serialization, validation, name }: ValidatorError): boolean {
  return (
    serialization !== undefined ||
    validation === true ||
    Array.isArray(validation) ||
    VALIDATORS.has(name)
  )
}

interface AjvError {
  readonly instancePath?: unknown
  readonly path?: unknown
  readonly message?: unknown
  readonly params?: { readonly missingProperty?: unknown; readonly additionalProperty?: unknown }
}

/** Describes validation errors for the answer; `context` is the part of the request: `body`, `querystring` ... */
export function describeValidation(
  errors: readonly unknown[],
  context: unknown,
): ValidationDetail[] {
  return errors.map((error) => {
    const { instancePath, path, message, params } = (error ?? {}) as AjvError
    const property = params?.missingProperty ?? params?.additionalProperty
    // For the whole value fastify-type-provider-zod writes `/`, and Ajv nothing.
    const pointer = String(instancePath ?? path ?? '').replace(/^\/$/, '')
    const at = `${pointer}${property === undefined ? '' : `/${String(property)}`}`
    return {
      path: typeof context === 'string' ? `${context}${at}` : at,
      message: typeof message === 'string' ? message : 'is not valid',
    }
  })
}
