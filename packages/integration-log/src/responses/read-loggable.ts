import { types } from 'node:util'
import { isErrorObject, isObject, show } from '@fastify-scs/core/kit'
import { Caught } from '../bodies/describe-given.js'
import { ResponseError } from '../errors.js'
import { fieldOf, isStatusCode, type LogFields } from '../log/log-fields.js'
import { isSuccess } from '../record.js'
import {
  type ReadResponse,
  type ResponseFields,
  requestOfConfig,
  responseOf,
} from './read-response.js'

/**
 * Reads the head of a response of fetch, undici or axios, and its body if present; or what an error or a thrown text
 * tells about its call. Any other value counts as thrown.
 *
 * @throws SCS_INTEGRATION_ERR_RESPONSE for a promise
 */
export function readResponse(given: unknown): ReadResponse {
  if (isErrorObject(given)) return readCaught(given)
  // `controller.abort('reason')` makes fetch throw that text.
  if (typeof given === 'string') return caught(given)
  const response = safeResponseOf(given)
  if (response !== undefined) return response
  if (isErrorLike(given)) return readCaught(given)
  if (types.isPromise(given)) throw new ResponseError(show(given))
  const isData = isObject(given)
  return { ...caught(isData ? given : new Caught(given)), unknown: show(given) }
}

function caught(thrown: unknown): ReadResponse {
  return { statusCode: null, fields: {}, body: null, isCaught: true, thrown }
}

function safeResponseOf(given: unknown): ReadResponse | undefined {
  try {
    return responseOf(given)
  } catch {
    // A getter that throws, or a Proxy.
    return undefined
  }
}

/** The fields of a record: those of the application win over those of the response. */
export function fieldsOfResponse(
  { statusCode, fields, body, unread, thrown }: ReadResponse,
  { body: givenBody, ...given }: ResponseFields,
): LogFields {
  const { status = thrown === undefined && isSuccess(statusCode) ? 'Completed' : 'Failed' } = given
  const seen = givenBody ?? (unread === undefined ? body : undefined)
  const url = given.url ?? fields.url
  return {
    ...fields,
    ...(statusCode === null ? {} : { statusCode }),
    [status === 'Failed' ? 'error' : 'output']: thrown ?? seen,
    ...given,
    service:
      given.service ?? (url !== undefined && URL.canParse(url) ? new URL(url).host : 'unknown'),
    status,
  }
}

/** Whether an object that is not an Error looks like one: `{ message, code }`. */
function isErrorLike(value: unknown): value is object {
  if (!isObject(value)) return false
  return typeof fieldOf(value, 'message') === 'string'
}

/**
 * What an error tells about its call: one of axios, got or ky by its `response`, `request` and `config`, one of undici's
 * `interceptors.responseError` by its own fields, any other by itself. Never throws.
 */
function readCaught(error: object): ReadResponse {
  try {
    const response = responseOf(fieldOf(error, 'response') ?? ownAnswerOf(error))
    const config = requestOfConfig(fieldOf(error, 'config'))
    const fields = { ...requestFieldsOf(fieldOf(error, 'request')), ...config }
    if (response === undefined || !isStatusCode(response.statusCode))
      return { statusCode: null, fields, body: null, isCaught: true, thrown: error }
    return {
      ...response,
      isCaught: true,
      fields: { ...fields, ...response.fields },
      ...thrownBeside(response, error),
    }
  } catch {
    // A getter that throws, or a Proxy.
    return { statusCode: null, fields: {}, body: null, isCaught: true, thrown: error }
  }
}

/** The thrown error is recorded only where the answer has no body that says more. */
function thrownBeside(
  { statusCode, body, unread }: ReadResponse,
  error: object,
): { thrown?: unknown } {
  const hasBody = body !== undefined && body !== null && body !== ''
  if (isSuccess(statusCode)) return { thrown: hasBody ? new Caught(error, body) : error }
  return hasBody || unread !== undefined ? {} : { thrown: error }
}

/** The answer in undici's own ResponseError. */
function ownAnswerOf(error: object): unknown {
  const code = fieldOf(error, 'code')
  return typeof code === 'string' && code.startsWith('UND_ERR_RESPONSE') ? error : undefined
}

/** The fields that a Request, or a request of node:http, has. */
function requestFieldsOf(request: unknown): Partial<LogFields> {
  const method = fieldOf(request, 'method')
  const url = fieldOf(request, 'url') ?? urlOfClientRequest(request)
  const headers = fieldOf(request, 'headers')
  return {
    ...(typeof method === 'string' ? { method } : {}),
    ...(typeof url === 'string' ? { url } : {}),
    ...(headers instanceof Headers ? { requestHeaders: headers } : {}),
  }
}

function urlOfClientRequest(request: unknown): string | undefined {
  const [protocol, host, path] = ['protocol', 'host', 'path'].map((name) => fieldOf(request, name))
  if (typeof protocol !== 'string' || typeof host !== 'string' || typeof path !== 'string')
    return undefined
  return `${protocol}//${host}${path}`
}
