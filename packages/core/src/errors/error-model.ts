import type { JsonValue } from '../json/json-value.js'
import { isObject } from '../kit/unknown-value.js'
import { asErrorId, isErrorCode, toUpperSnakeCase } from './error-code.js'
import { isErrorStatus } from './error-definition.js'
import type { Failure } from './failure.js'
import { isPlainObject } from './foreign-error.js'

/** The answer of a service that has failed, as a plain object. From PyMacaron's Error model. */
export interface ErrorModel {
  /** The code, upper case. */
  readonly error: string
  /** What happened, for developers. */
  readonly error_description?: string | null
  /** What a user may read. */
  readonly user_message?: string | null
  /** HTTP status code, 400 to 599, as a number or as text. */
  readonly status: number | string
  /** The id of the report where the error began. */
  readonly error_id?: string | null
  /** The error that this one wraps; taken as its cause, never sent. */
  readonly error_caught?: unknown
  /** Any data for the client. */
  readonly error_details?: unknown
}

/** The fields of an error answer, read from any of our formats. */
export interface ErrorFields {
  readonly code: string
  readonly description: string | undefined
  readonly userMessage: string | undefined
  /** Undefined where it is not the HTTP status of an error. */
  readonly status: number | undefined
  readonly errorId: string | undefined
  readonly details: unknown
  readonly caught: unknown
}

const TEXTS = ['error_description', 'user_message', 'error_id'] as const
const FIELDS: ReadonlySet<string> = new Set([
  'error',
  'status',
  'error_caught',
  'error_details',
  ...TEXTS,
])

/** Whether an object is an Error model: a plain object with no other fields, and the status of an error. */
export function isErrorModel(value: object): value is ErrorModel {
  if (!isPlainObject(value) || !Object.hasOwn(value, 'error') || !Object.hasOwn(value, 'status'))
    return false
  const model = value as Record<string, unknown>
  return (
    isText(model.error) &&
    errorStatusOf(model.status) !== undefined &&
    TEXTS.every((key) => (model[key] ?? null) === null || typeof model[key] === 'string') &&
    Object.keys(model).every((key) => FIELDS.has(key) || model[key] === undefined)
  )
}

/** Reads the fields of an Error model. */
export function fieldsOfModel(model: Readonly<Record<string, unknown>>): ErrorFields {
  return {
    code: String(model.error),
    description: textOf(model.error_description),
    userMessage: textOf(model.user_message),
    status: errorStatusOf(model.status),
    errorId: asErrorId(model.error_id),
    details: model.error_details ?? undefined,
    caught: model.error_caught ?? undefined,
  }
}

/**
 * Reads the body of another service's answer: an Error model, or what the `scs` and `problem` formats make of one. Undefined
 * for anything else.
 *
 * @param answered the status and the error id of the answer's head, for a body without them
 */
export function readErrorBody(
  body: unknown,
  answered: { readonly status?: unknown; readonly errorId?: unknown } = {},
): ErrorFields | undefined {
  if (!isObject(body)) return undefined
  const said = body as Readonly<Record<string, unknown>>
  const status = said.status ?? answered.status
  if (status === undefined) return undefined
  const { error } = said
  // A body without a status may be of another kind: OAuth's errors have lower-case codes, Fastify's the names of statuses.
  if (isText(error) && (said.status !== undefined || isErrorCode(error))) {
    return fieldsOfModel({ ...said, status, error_id: said.error_id ?? answered.errorId })
  }
  const inner = (isObject(error) ? error : said) as typeof said
  if (!isText(inner.id)) return undefined
  return {
    code: toUpperSnakeCase(inner.id),
    description: textOf(inner.message) ?? textOf(inner.detail) ?? textOf(inner.title),
    userMessage: undefined,
    status: errorStatusOf(status),
    errorId: asErrorId(said.error_id ?? answered.errorId),
    details: inner.details ?? inner.errors,
    caught: undefined,
  }
}

/** The HTTP status of an error, given as a number or as text; undefined for any other. */
function errorStatusOf(value: unknown): number | undefined {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value
  return isErrorStatus(status) ? status : undefined
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}

function textOf(value: unknown): string | undefined {
  return isText(value) ? value : undefined
}

/** The body of the `pymacaron` format. From PyMacaron's Error model. */
export interface PymacaronErrorBody {
  readonly error: string
  readonly error_description: string
  readonly user_message?: string
  readonly status: number
  readonly error_id?: string
  readonly error_details?: JsonValue
}

/** What the body is made of. */
export type PymacaronErrorFields = Pick<
  Failure,
  'code' | 'description' | 'userMessage' | 'status' | 'errorId' | 'details'
>

/** `{ "error", "error_description", "user_message"?, "status", "error_id"?, "error_details"? }` */
export function formatPymacaron(failure: PymacaronErrorFields): PymacaronErrorBody {
  const { code, description, userMessage, status, errorId, details } = failure
  return {
    error: code,
    error_description: description,
    ...(userMessage === undefined ? {} : { user_message: userMessage }),
    status,
    ...(errorId === undefined ? {} : { error_id: errorId }),
    ...(details === undefined ? {} : { error_details: details }),
  }
}

/** What `isError` has seen: a status. The other fields of an Error model may be there; nobody has looked at them. */
export interface ErrorLike {
  /** 300 or more, as a number or as text. */
  readonly status: number | string
  readonly error?: unknown
  readonly error_description?: unknown
  readonly user_message?: unknown
  readonly error_id?: unknown
  readonly error_details?: unknown
}

/** Whether a value is an error answer: its `status`, a number or a string of one, is 300 or more. From PyMacaron's `is_error`. */
export function isError(value: unknown): value is ErrorLike {
  if (!isObject(value)) return false
  const status = (value as { status?: unknown }).status
  if (typeof status === 'string' && status.trim() === '') return false
  return (typeof status === 'number' || typeof status === 'string') && Number(status) >= 300
}
