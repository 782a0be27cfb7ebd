import type { JsonValue } from '../json/json-value.js'
import type { Redactor } from '../redact/redactor.js'
import { toAnswerDetails, type ValidationDetail } from './failure.js'

/** What an answer shows by other means, or not at all. */
const SHOWN: ReadonlySet<string> = new Set([
  'cause',
  'expose',
  'headers',
  'message',
  'stack',
  'status',
  'statusCode',
])

/** Whether a value is an object literal or the like, of whichever realm, and no instance of a class. */
export function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/**
 * The details of a plain object that was thrown as an error, such as `errorResponseBuilder` of @fastify/rate-limit makes:
 * its other fields, bounded and redacted; its `details` alone where it has nothing else.
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

/** What is read of an error to know that a validator made it. */
interface ValidatorError {
  readonly serialization?: unknown
  readonly validation?: unknown
  readonly name?: unknown
}

/**
 * Whether an error tells of data that this service has made itself: Fastify could not serialize it, or a validator refused
 * it. An error about the request has a status below 500.
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

/** What is wrong, for the answer; `context` is the part of the request: `body`, `querystring` ... */
export function describeValidation(
  errors: readonly unknown[],
  context: unknown,
): ValidationDetail[] {
  return errors.map((error) => {
    const { instancePath, path, message, params } = (error ?? {}) as AjvError
    const property = params?.missingProperty ?? params?.additionalProperty
    const at = `${String(instancePath ?? path ?? '')}${property === undefined ? '' : `/${String(property)}`}`
    return {
      path: typeof context === 'string' ? `${context}${at}` : at,
      message: typeof message === 'string' ? message : 'is not valid',
    }
  })
}
