import { ConflictError } from '../errors.js'
import { show } from '../kit/unknown-value.js'
import { checkCode, checkText } from './error-definition.js'
import { ServiceError, type ServiceErrorClass } from './service-error.js'

/** What `addError` makes a class from. */
export interface ServiceErrorDefinition<Name extends string = string> {
  /** The class's name. */
  readonly name: Name
  /** The error's code, upper case. */
  readonly code: string
  /** HTTP status code, 400 to 599. */
  readonly status: number
}

/**
 * Makes one error class. From PyMacaron's `add_error`.
 *
 * @throws SCS_ERR_DEFINITION when a field is missing or wrong
 */
export function addError(definition: ServiceErrorDefinition): ServiceErrorClass {
  const { name, code, status } = definition
  checkText('addError', 'name', name)
  checkText('addError', 'code', code)
  checkCode('addError', status, 'status')
  const made = class extends ServiceError {
    static override readonly code = code
    static override readonly status = status
  }
  return Object.defineProperty(made, 'name', { value: name })
}

/**
 * Makes many error classes at once, by name.
 *
 * @throws SCS_ERR_DEFINITION as `addError`; SCS_ERR_CONFLICT when a name or a code stands twice in the batch
 */
export function addErrors<const Definitions extends readonly ServiceErrorDefinition[]>(
  definitions: Definitions,
): { readonly [Name in Definitions[number]['name']]: ServiceErrorClass } {
  const made = new Map<string, ServiceErrorClass>()
  const codes = new Set<string>()
  for (const definition of definitions) {
    const { name, code } = definition
    const isNameTaken = made.has(name)
    if (isNameTaken || codes.has(code)) {
      const what = isNameTaken ? `The error class "${name}"` : `The error code "${code}"`
      throw new ConflictError(what, 'one of the same list', show(definition))
    }
    made.set(name, addError(definition))
    codes.add(code)
  }
  return Object.fromEntries(made) as {
    readonly [Name in Definitions[number]['name']]: ServiceErrorClass
  }
}

// The errors that PyMacaron has, with its codes and statuses.

/** Any unhandled error. */
export class ServerError extends ServiceError {
  static override readonly code = 'SERVER_ERROR'
  static override readonly status = 500
}

/** The caller's input is wrong. */
export class InvalidParameterError extends ServiceError {
  static override readonly code = 'INVALID_PARAMETER'
  static override readonly status = 400
}

/** The caller took too long. */
export class RequestTimeoutError extends ServiceError {
  static override readonly code = 'REQUEST_TIMEOUT'
  static override readonly status = 408
}

/** Another service gave an answer that makes no sense. */
export class BadResponseError extends ServiceError {
  static override readonly code = 'BAD_RESPONSE'
  static override readonly status = 500
}

/** Data made by this service does not match its own schema. */
export class InternalValidationError extends ServiceError {
  static override readonly code = 'INTERNAL_VALIDATION_ERROR'
  static override readonly status = 500
}

/** The request has no Authorization header. */
export class AuthMissingHeaderError extends ServiceError {
  static override readonly code = 'AUTHORIZATION_HEADER_MISSING'
  static override readonly status = 401
}

/** The token has expired. */
export class AuthTokenExpiredError extends ServiceError {
  static override readonly code = 'TOKEN_EXPIRED'
  static override readonly status = 401
}

/** The token is not valid. */
export class AuthInvalidTokenError extends ServiceError {
  static override readonly code = 'TOKEN_INVALID'
  static override readonly status = 401
}
