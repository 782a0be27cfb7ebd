import { readField } from '@fastify-scs/core/kit'
import { isSuccess } from '../success.js'
import { requestOfConfig } from './axios-config.js'
import { Caught } from './caught.js'
import { isStatusCode } from './check-fields.js'
import type { LogFields } from './log-fields.js'
import type { ReadResponse } from './read-response.js'

/** Whether an object that is no Error tells of a failure as one does: `{ message, code }`. */
export function isErrorLike(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  return typeof fieldOf(value, 'message') === 'string'
}

/**
 * What an error tells of its call: that of axios, got or ky by its `response`, `request` and `config`, that of undici's
 * `interceptors.responseError` by its own fields, any other by itself. Never throws.
 *
 * @param responseOf Reads a response, of whatever client.
 */
export function readCaught(
  error: object,
  responseOf: (value: unknown) => ReadResponse | undefined,
): ReadResponse {
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

/** A field of whatever was given; one whose getter throws counts as not there, and what is no object has none. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? readField(value, name) : undefined
}

/** Of an answer that was not what was asked for the body is the error; else what was thrown tells more. */
function thrownBeside(
  { statusCode, body, unread }: ReadResponse,
  error: object,
): { thrown?: unknown } {
  const hasBody = body !== undefined && body !== null && body !== ''
  if (isSuccess(statusCode)) return { thrown: hasBody ? new Caught(error, body) : error }
  return hasBody || unread !== undefined ? {} : { thrown: error }
}

/** The answer that undici's own error is. */
function ownAnswerOf(error: object): unknown {
  const code = fieldOf(error, 'code')
  return typeof code === 'string' && code.startsWith('UND_ERR_RESPONSE') ? error : undefined
}

/** What a Request, or a request of node:http, tells. */
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
