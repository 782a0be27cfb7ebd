import { ServiceError, type ServiceErrorOptions } from '@fastify-scs/core'

/** The query, the parameters or the body are wrong. */
export class BadRequestError extends ServiceError {
  static override readonly code = 'CONSOLE_BAD_REQUEST'
  static override readonly status = 400
}

/** There is no such record, group or path. */
export class NotFoundError extends ServiceError {
  static override readonly code = 'CONSOLE_NOT_FOUND'
  static override readonly status = 404
}

/** Somebody else has changed the group since; `details.group` is how it is now. */
export class ChangedMeanwhileError extends ServiceError {
  static override readonly code = 'CONSOLE_CHANGED_MEANWHILE'
  static override readonly status = 409
}

/** The store only reads. */
export class ReadOnlyStoreError extends ServiceError {
  static override readonly code = 'CONSOLE_READ_ONLY'
  static override readonly status = 409
}

/** The call cannot be sent again. */
export class RetryRefusedError extends ServiceError {
  static override readonly code = 'CONSOLE_RETRY_REFUSED'
  static override readonly status = 409
}

/** The call was sent again, and failed without an answer. */
export class RetryFailedError extends ServiceError {
  static override readonly code = 'CONSOLE_RETRY_FAILED'
  static override readonly status = 409
}

/** `authorizeChange` does not say yes. */
export class NotAllowedError extends ServiceError {
  static override readonly code = 'CONSOLE_NOT_ALLOWED'
  static override readonly status = 403
}

/** A change came from another site, or it does not say from where. */
export class ForeignOriginError extends ServiceError {
  static override readonly code = 'CONSOLE_FOREIGN_ORIGIN'
  static override readonly status = 403
}

/** A change has no token, or not that of its cookie. */
export class TokenError extends ServiceError {
  static override readonly code = 'CONSOLE_TOKEN'
  static override readonly status = 403
}

/** A change is not JSON. */
export class NotJsonError extends ServiceError {
  static override readonly code = 'CONSOLE_NOT_JSON'
  static override readonly status = 415
}

/** The client has left before its turn; nobody reads it. */
export class ClientLeftError extends ServiceError {
  static override readonly code = 'CONSOLE_CLIENT_LEFT'
  static override readonly status = 499
}

/** A refusal that may be over soon. */
class LaterError extends ServiceError {
  /** Core sets them on the answer. */
  readonly headers: { readonly 'retry-after': string }

  constructor(message: string, afterSeconds: number, options?: ServiceErrorOptions) {
    super(message, options)
    this.headers = { 'retry-after': String(Math.max(1, Math.ceil(afterSeconds))) }
  }
}

/** The client makes too many calls. */
export class TooManyRequestsError extends LaterError {
  static override readonly code = 'CONSOLE_TOO_MANY_REQUESTS'
  static override readonly status = 429
}

/** As many queries as may are running and waiting, or as many clients as may follow the live tail. */
export class BusyError extends LaterError {
  static override readonly code = 'CONSOLE_BUSY'
  static override readonly status = 503
}

/** The store has ended a query that took too long. */
export class QueryTimedOutError extends LaterError {
  static override readonly code = 'CONSOLE_QUERY_TIMEOUT'
  static override readonly status = 503
}

/** The database is away. */
export class StoreAwayError extends LaterError {
  static override readonly code = 'CONSOLE_STORE_UNAVAILABLE'
  static override readonly status = 503
}
