import { ServiceError } from './service-error.js'

/*
 * The errors that PyMacaron brings along, with its codes and statuses.
 */

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
