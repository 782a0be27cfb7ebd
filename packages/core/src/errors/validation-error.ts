import type { ValidationDetail } from './failure.js'

/** The errors of validators, by name: of zod, valibot, Joi, Yup, Mongoose and TypeBox. */
const VALIDATORS: ReadonlySet<unknown> = new Set([
  'AssertError',
  'ValiError',
  'ValidationError',
  'ZodError',
  '$ZodError',
])

interface FailedCheck {
  readonly serialization?: unknown
  readonly validation?: unknown
  readonly name?: unknown
}

/**
 * Whether an error tells of data that this service has made itself: Fastify could not serialize it, or a validator refused
 * it. An error about the request has a status below 500.
 */
export function isValidationError({ serialization, validation, name }: FailedCheck): boolean {
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

/** The wrong values that Ajv's errors tell of, and those of validators that speak as it does. */
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
