import { STATUS_CODES } from 'node:http'
import { types } from 'node:util'
import { isObject } from '../kit/unknown-value.js'
import { isErrorObject } from '../thrown/error-object.js'
import { ownCodeOf, toUpperSnakeCase } from './error-code.js'
import { isErrorStatus } from './error-definition.js'
import { type ErrorFields, readErrorBody } from './error-model.js'
import { isPlainObject } from './foreign-error.js'
import { type HttpAnswer, MAX_BODY_BYTES } from './http-answer.js'
import { isRegistryError } from './registry-error.js'
import { isUpstreamError } from './upstream-error.js'

/** What `ServiceError.from` makes an error of. */
export interface ForwardedFields {
  readonly code: string
  readonly status: number
  readonly userMessage?: string | undefined
  readonly description?: string | undefined
  readonly details?: unknown
  readonly errorId?: string | undefined
  readonly cause?: unknown
}

/** For an answer that cannot be understood. PyMacaron's code, with the status of a gateway's error. */
const BAD_RESPONSE = { code: 'BAD_RESPONSE', status: 502 }
const SERVER_ERROR = { code: 'SERVER_ERROR', status: 500 }

/** Reads the fields of an error from a value. Never throws. */
export function forwardedFields(value: unknown): ForwardedFields {
  try {
    if (isObject(value)) return fieldsOfObject(value)
  } catch {
    // A getter or a Proxy trap threw: nothing about the value can be trusted.
  }
  return { ...SERVER_ERROR, cause: value }
}

/** Reads the fields of an error from another service's answer and its body. Never rejects. */
export async function forwardedFieldsOfAnswer(answer: HttpAnswer): Promise<ForwardedFields> {
  const { status, errorId, place } = answer
  let cause: unknown
  try {
    const body = await answer.readBody()
    const said = readErrorBody(body, { status, errorId })
    if (said !== undefined) return forwarded(said, body)
  } catch (error) {
    cause = error
  }
  const message = `${place || 'the service'} answered ${status} without an Error model`
  return { ...BAD_RESPONSE, cause: new Error(message, cause === undefined ? undefined : { cause }) }
}

function fieldsOfObject(value: object): ForwardedFields {
  const said = isPlainObject(value) ? readErrorBody(value) : undefined
  if (said !== undefined) return forwarded(said, value)
  const carried = carriedBy(value)
  if (carried !== undefined) return forwarded(carried, value)
  if (isRegistryError(value)) {
    const { statusCode: status, id, message, details } = value
    const code = toUpperSnakeCase(id ?? nameOf(status))
    return { code, status, description: message, details, cause: value }
  }
  if (isUpstreamError(value)) return { ...BAD_RESPONSE, cause: value }
  return isErrorObject(value) ? fieldsOfError(value) : { ...SERVER_ERROR, cause: value }
}

function forwarded(said: ErrorFields, source: unknown): ForwardedFields {
  const { status, errorId, caught, ...texts } = said
  if (status === undefined) return { ...BAD_RESPONSE, errorId, cause: source }
  return { ...texts, status, errorId, cause: caught }
}

interface Carrier {
  readonly response?: unknown
  readonly status?: unknown
  readonly statusCode?: unknown
  readonly data?: unknown
  readonly body?: unknown
  readonly headers?: unknown
}

/** Reads the body of the answer that an error of axios, got, superagent or undici carries; or an answer of axios itself. */
function carriedBy(value: Carrier): ErrorFields | undefined {
  const { response } = value
  const ofAnswer = isObject(response) ? readAnswer(response) : undefined
  // ofetch has the body on the error itself.
  return ofAnswer ?? readAnswer(value)
}

function readAnswer(answer: Carrier): ErrorFields | undefined {
  const body = parsed(answer.data ?? answer.body)
  const headers = (answer.headers ?? {}) as Readonly<Record<string, unknown>>
  const status = answer.status ?? answer.statusCode
  return readErrorBody(body, { status, errorId: headers['x-error-id'] })
}

function parsed(body: unknown): unknown {
  const text = textOf(body)
  if (text === undefined) return body
  try {
    return JSON.parse(text) as unknown
  } catch {
    // A web page, or other text.
    return undefined
  }
}

/** The text of a body that was read as text or as bytes. */
function textOf(body: unknown): string | undefined {
  if (typeof body === 'string') return body
  const isBytes = types.isUint8Array(body) || types.isArrayBuffer(body)
  return isBytes && body.byteLength <= MAX_BODY_BYTES ? new TextDecoder().decode(body) : undefined
}

/** A foreign error below 500 keeps its message, as it does when it is thrown. */
function fieldsOfError(error: Error): ForwardedFields {
  const { statusCode, status: other, expose } = error as Error & Record<string, unknown>
  const status = [statusCode, other].find(isErrorStatus)
  if (status === undefined || status >= 500 || expose === false) {
    return { ...SERVER_ERROR, cause: error }
  }
  const code = ownCodeOf(error as { code?: unknown }) ?? toUpperSnakeCase(nameOf(status))
  return { code, status, description: error.message || undefined, cause: error }
}

function nameOf(status: number): string {
  return STATUS_CODES[status] ?? 'Unknown error'
}
