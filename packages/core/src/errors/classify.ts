import { mayPresetErrorStatus } from '../answer/compat-fastify.js'
import { isObject } from '../kit/unknown-value.js'
import type { Redactor } from '../redact/redactor.js'
import { asErrorId, isOfFastify, ownCodeOf, toKebabCase } from './error-code.js'
import { isErrorStatus } from './error-definition.js'
import { fillMessage } from './error-message.js'
import { type ErrorModel, fieldsOfModel, isErrorModel } from './error-model.js'
import type { Answer, ErrorRegistry } from './error-registry.js'
import type { ExceptionRegistry } from './exception-registry.js'
import { type Failure, failureOf, toAnswerDetails } from './failure.js'
import {
  describeValidation,
  isPlainObject,
  isValidationError,
  ownFieldsOf,
} from './foreign-error.js'
import { isRegistryError, mistakeOf, type RegistryError } from './registry-error.js'
import { isServiceError, type ServiceError } from './service-error.js'
import { gatewayStatusOf, isUpstreamError } from './upstream-error.js'

/** The registries of one app. */
export interface Registries {
  readonly errors: ErrorRegistry
  readonly exceptions: ExceptionRegistry
  readonly redactor: Redactor
  /** Whether an error that came from another service keeps its status. */
  readonly isForeignStatusTrusted: boolean
}

/** The status of an error that came from another service. */
const BAD_GATEWAY = 502

/** The properties that Fastify, @fastify/error, http-errors and Ajv set on an error. */
interface ForeignError {
  readonly statusCode?: unknown
  readonly status?: unknown
  readonly code?: unknown
  readonly message?: unknown
  readonly expose?: unknown
  readonly validation?: unknown
  readonly validationContext?: unknown
  readonly serialization?: unknown
  readonly name?: unknown
}

/**
 * Decides how whatever was thrown is answered. Never throws, even where reading the value does.
 *
 * @param replyStatus the status that the handler had set on the reply before it failed
 */
export function classify(thrown: unknown, replyStatus: number, registries: Registries): Failure {
  try {
    if (isObject(thrown)) return classifyObject(thrown, replyStatus, registries)
  } catch {
    // A getter or a Proxy trap of the thrown value threw: nothing about it can be trusted.
  }
  return unexpected(isErrorStatus(replyStatus) ? replyStatus : 500, thrown, registries)
}

function classifyObject(thrown: object, replyStatus: number, registries: Registries): Failure {
  if (isRegistryError(thrown)) {
    const failure = fromRegistry(thrown, registries.errors)
    const mistake = mistakeOf(thrown)
    return mistake === undefined ? failure : withMistake(failure, mistake)
  }
  if (isServiceError(thrown)) return fromServiceError(thrown, registries)
  if (isErrorModel(thrown)) return fromModel(thrown, replyStatus, registries.errors)
  const { errors, exceptions } = registries
  const ofClass = exceptions.findByClass(thrown)
  if (ofClass !== undefined) return failureOf(ofClass, thrown)
  const foreign = thrown as ForeignError
  const isUpstream = !registries.isForeignStatusTrusted && isUpstreamError(thrown)
  const status = isUpstream
    ? statusForUpstream(foreign, replyStatus)
    : statusOf(foreign, replyStatus)
  if (status < 500) {
    if (isUpstream) return upstreamFailure(failureOf(errors.defaultOf(status), thrown))
    return clientFailure(foreign, status, registries)
  }
  const ofCause = exceptions.findByCause(thrown)
  if (ofCause !== undefined) return failureOf(ofCause, thrown)
  if (isUpstream) return upstreamFailure(ours(errors.defaultOf(status), thrown))
  const failure = unexpected(status, thrown, registries)
  if (isPromise(thrown)) return { ...failure, mistake: THROWN_PROMISE }
  return status === 500 && isValidationError(foreign)
    ? { ...failure, code: 'INTERNAL_VALIDATION_ERROR' }
    : failure
}

function fromRegistry(error: RegistryError, errors: ErrorRegistry): Failure {
  const { statusCode, id } = error
  if (id === undefined) return registeredFailure(errors.defaultOf(statusCode), error)
  const answer = errors.find(statusCode, id)
  if (answer !== undefined) return registeredFailure(answer, error)
  const failure = registeredFailure(errors.defaultOf(statusCode), error)
  return withMistake(failure, `the error id "${id}" is not registered for code ${statusCode}`)
}

/** The answer of the registry, its message filled in and its details held against their schema. */
function registeredFailure(answer: Answer, error: RegistryError): Failure {
  const { template, checkDetails } = answer
  const { details, params } = error
  let failure = failureOf(answer, error, details)
  if (template !== undefined) {
    const { text, missing } = fillMessage(template, params, details)
    failure = { ...failure, message: text, description: text }
    if (missing.length > 0) {
      const fields = missing.map((field) => `{${field}}`).join(', ')
      const mistake = `the message of the error "${answer.id}" names ${fields}, which neither params nor details have`
      failure = withMistake(failure, mistake)
    }
  } else if (params !== undefined) {
    const mistake = `the message of the error "${answer.id}" names no field, so params are not used`
    failure = withMistake(failure, mistake)
  }
  const mismatch = checkDetails?.(failure.details)
  if (mismatch === undefined) return failure
  const mistake = `the details of the error "${answer.id}" do not match its schema: ${mismatch}`
  return withMistake(failure, mistake)
}

function withMistake(failure: Failure, mistake: string): Failure {
  const known = failure.mistake === undefined ? '' : `; ${failure.mistake}`
  return { ...failure, mistake: `${mistake}${known}` }
}

function fromServiceError(error: ServiceError, registries: Registries): Failure {
  const { status, code, message, description, details } = error
  if (!isErrorStatus(status)) {
    const mistake = `the class ${error.constructor.name} has the status ${String(status)}, not one from 400 to 599`
    return { ...unexpected(500, error, registries), mistake }
  }
  const text = message || description || registries.errors.defaultOf(status).message
  return {
    status,
    id: error.id,
    code,
    message: text,
    description: description ?? text,
    userMessage: message === '' ? undefined : message,
    details: toAnswerDetails(details),
    validation: undefined,
    thrown: error,
    registered: undefined,
    errorId: asErrorId(error.errorId),
    mistake: undefined,
    isUpstream: false,
  }
}

/** An Error model is answered as it is; a status that the handler has set on the reply wins, as for any error. */
function fromModel(model: ErrorModel, replyStatus: number, errors: ErrorRegistry): Failure {
  const said = fieldsOfModel({ ...model })
  const { code, description, userMessage, errorId, details } = said
  const status = isErrorStatus(replyStatus) ? replyStatus : (said.status ?? 500)
  const kind = errors.ofStatus(status)
  const message = userMessage ?? description ?? kind.message
  const failure = failureOf(kind, model, details, code)
  return {
    ...failure,
    // A code without a letter or a digit cannot be made an id.
    id: /[\p{L}\p{N}]/u.test(code) ? toKebabCase(code) : kind.id,
    message,
    description: description ?? message,
    userMessage,
    registered: undefined,
    errorId,
  }
}

/** A foreign error below 500 is answered with its own message, unless http-errors marked it as not for the client. */
function clientFailure(error: ForeignError, status: number, registries: Registries): Failure {
  const { errors, redactor } = registries
  const failure = failureOf(errors.ofStatus(status), error)
  const isOwnText =
    typeof error.message === 'string' &&
    error.message !== '' &&
    error.expose !== false &&
    !(isOfFastify(error) && errors.isOwnText(failure))
  const message = isOwnText ? (error.message as string) : failure.message
  const own = { ...failure, message, description: message }
  if (Array.isArray(error.validation)) {
    const validation = describeValidation(error.validation, error.validationContext)
    return { ...own, code: 'INVALID_PARAMETER', details: [...validation], validation }
  }
  const code = ownCodeOf(error)
  const named = code === undefined ? own : { ...own, code }
  if (error.expose === false || !isPlainObject(error)) return named
  return { ...named, details: ownFieldsOf(error, redactor) }
}

/** Marks a failure as another service's: nothing of its text, status or headers is shown. */
function upstreamFailure(failure: Failure): Failure {
  return { ...failure, isUpstream: true }
}

/** A 500 is answered with the default of 500, another status with the answer of that status: 503 for a busy server. */
function unexpected(status: number, thrown: unknown, { errors }: Registries): Failure {
  return ours(status === 500 ? errors.defaultOf(500) : errors.ofStatus(status), thrown)
}

function ours(answer: Answer, thrown: unknown): Failure {
  return failureOf(answer, thrown, undefined, answer.status === 500 ? 'SERVER_ERROR' : answer.code)
}

const THROWN_PROMISE =
  'a promise was thrown: wait for it first, as in `throw await ServiceError.from(response)`'

function isPromise(thrown: object): boolean {
  return typeof (thrown as { then?: unknown }).then === 'function'
}

// Fastify's own rule: a status that the handler has set wins over the error's.
function statusOf(error: ForeignError, replyStatus: number): number {
  if (isErrorStatus(replyStatus)) return replyStatus
  if (isErrorStatus(error.statusCode)) return error.statusCode
  return isErrorStatus(error.status) ? error.status : 500
}

/** A status that the handler has set on the reply is its decision, and so is that of a proxy; that of the error is the other service's. */
function statusForUpstream(error: ForeignError, replyStatus: number): number {
  const isSetByFastify = mayPresetErrorStatus() && replyStatus === statusOf(error, 200)
  if (isErrorStatus(replyStatus) && !isSetByFastify) return replyStatus
  return gatewayStatusOf(error) ?? BAD_GATEWAY
}

/** The failure of an unknown route: what is registered as `not-found`, else a message that names the route. */
export function notFoundFailure(method: string, path: string, errors: ErrorRegistry): Failure {
  const failure = failureOf(errors.ofStatus(404), undefined)
  if (failure.registered !== undefined) return failure
  const message = `Route ${method}:${path} not found`
  return { ...failure, message, description: message }
}

/** The failure of a known path with another method. */
export function methodNotAllowedFailure(errors: ErrorRegistry): Failure {
  return failureOf(errors.ofStatus(405), undefined)
}
