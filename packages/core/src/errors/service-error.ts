import { STATUS_CODES } from 'node:http'
import { isObject } from '../kit/unknown-value.js'
import { asErrorId, toKebabCase } from './error-code.js'
import { type ErrorModel, formatPymacaron, type PymacaronErrorBody } from './error-model.js'
import { toAnswerDetails } from './failure.js'
import {
  type ForwardedFields,
  forwardedFields,
  forwardedFieldsOfAnswer,
} from './forwarded-error.js'
import { httpAnswerOf, type UndiciAnswer } from './http-answer.js'
import { resumeStackTraces, suspendStackTraces } from './stack-trace.js'

/** What a ServiceError carries besides the message for users. */
export interface ServiceErrorOptions {
  /** What happened, for developers: `error_description`. Sent to the client. */
  readonly description?: string | undefined
  /** The error that this one wraps; never sent. */
  readonly cause?: unknown
  /** Any data for the client; copied into the answer as plain JSON. */
  readonly details?: unknown
  /** The id of the report where the error began; the answer has it at every status. 1 to 64 letters, digits, `.`, `_`, `-`. */
  readonly errorId?: string | undefined
}

// Symbol.for, so that an error made by another installed copy of this package is still known.
const brand = Symbol.for('@fastify-scs/core/service-error')

/**
 * The base of a service's own error classes: subclass it with a static `code` and `status`, then throw it.
 * From PyMacaron's `PyMacaronException`. Below 500 it carries no stack trace.
 */
export class ServiceError extends Error {
  /** The error's code, upper case. @default 'SERVER_ERROR' */
  static readonly code: string = 'SERVER_ERROR'
  /** HTTP status code, 400 to 599. @default 500 */
  static readonly status: number = 500

  readonly description: string | undefined
  readonly details: unknown
  readonly errorId: string | undefined

  /** @param userMessage what the user of the service reads */
  constructor(userMessage = '', options: ServiceErrorOptions = {}) {
    const message = String(userMessage)
    const cause = options.cause === undefined ? undefined : { cause: options.cause }
    if (new.target.status >= 500) {
      super(message, cause)
    } else {
      const limit = suspendStackTraces()
      super(message, cause)
      resumeStackTraces(limit)
    }
    this.description = options.description
    this.details = options.details
    this.errorId = options.errorId
  }

  /**
   * Makes a ServiceError of another service's error answer, to be thrown on with the same code, status, description, user message,
   * id and details. From PyMacaron's `responsify`.
   *
   * Takes an Error model, an error of axios, got, superagent or undici that carries one, and a `Response` of fetch or an answer
   * of undici's `request`: these have a body to read, so a promise is returned, which never rejects. The `scs` and `problem` formats are
   * read too. An answer without such a body, or with a status other than 400 to 599, becomes `BAD_RESPONSE` 502; anything else
   * without a message for clients becomes `SERVER_ERROR` 500; the value is the cause of both. A ServiceError is returned as it
   * is. Never throws.
   */
  static from(value: ErrorModel | Error): ServiceError
  static from(value: Response | UndiciAnswer): Promise<ServiceError>
  static from(value: unknown): ServiceError
  static from(value: unknown): ServiceError | Promise<ServiceError> {
    if (isServiceErrorSafely(value)) return value
    const answer = httpAnswerOf(value)
    return answer === undefined
      ? forward(forwardedFields(value))
      : forwardedFieldsOfAnswer(answer).then(forward)
  }

  /** The class's code. */
  get code(): string {
    return (this.constructor as typeof ServiceError).code
  }

  /** The class's status. */
  get status(): number {
    return (this.constructor as typeof ServiceError).status
  }

  /** The status under Fastify's name, so that a foreign error handler answers it as well. */
  get statusCode(): number {
    return this.status
  }

  /** The code in kebab-case, which is its id in the `scs` format. */
  get id(): string {
    return toKebabCase(this.code)
  }

  override get name(): string {
    return this.constructor.name
  }

  // Without a setter, the usual `this.name = ...` in a subclass's constructor would throw.
  override set name(value: string) {
    Object.defineProperty(this, 'name', { value, configurable: true, writable: true })
  }

  static {
    Object.defineProperty(ServiceError.prototype, brand, { value: true })
  }

  /** The Error model that clients get; neither the stack trace nor the cause is in it. */
  toJSON(): PymacaronErrorBody {
    const { code, status, message } = this
    const userMessage = message === '' ? undefined : message
    return formatPymacaron({
      code,
      status,
      userMessage,
      description: this.description ?? userMessage ?? STATUS_CODES[status] ?? 'Unknown error',
      errorId: asErrorId(this.errorId),
      details: toAnswerDetails(this.details),
    })
  }

  /** Attaches the error that this one wraps and returns itself. */
  caught(error: unknown): this {
    this.cause = error
    return this
  }
}

function isServiceErrorSafely(value: unknown): value is ServiceError {
  try {
    return isObject(value) && isServiceError(value)
  } catch {
    // A Proxy trap threw.
    return false
  }
}

/** Makes an error whose code and status are its own, not its class's. */
function forward({ code, status, userMessage = '', ...options }: ForwardedFields): ServiceError {
  const limit = status < 500 ? suspendStackTraces() : undefined
  const error = new ServiceError(userMessage, options)
  if (limit !== undefined) resumeStackTraces(limit)
  return Object.defineProperties(error, { code: { value: code }, status: { value: status } })
}

/** A class made by `addError`. */
export type ServiceErrorClass = typeof ServiceError

/** Whether an error is a ServiceError, of whichever installed copy. */
export function isServiceError(error: object): error is ServiceError {
  return (error as { readonly [brand]?: unknown })[brand] === true
}

/** Whether a class is ServiceError or extends it, of whichever installed copy. */
export function isServiceErrorClass(value: unknown): value is ServiceErrorClass {
  return (
    typeof value === 'function' && typeof value.prototype === 'object' && brand in value.prototype
  )
}
