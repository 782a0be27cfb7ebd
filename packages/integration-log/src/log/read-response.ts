import { types } from 'node:util'
import { isErrorObject, show } from '@fastify-scs/core/kit'
import { ResponseError } from '../errors.js'
import { isSuccess } from '../success.js'
import { isStream, requestOfConfig, UNSEEN } from './axios-config.js'
import { Caught } from './caught.js'
import type { LogFields } from './log-fields.js'
import { isErrorLike, readCaught } from './read-caught.js'
import type {
  AxiosResponse,
  FetchResponse,
  ResponseFields,
  UndiciResponse,
} from './response-fields.js'

/** What a response, or an error, says of its call. */
export interface ReadResponse {
  /** Null when there was no answer. */
  readonly statusCode: number | null
  readonly fields: Partial<LogFields>
  /** The answer's body, as far as it is there to be seen. */
  readonly body: unknown
  /** The response of fetch whose body is still to be read, by a copy of ours. */
  readonly unread?: FetchResponse
  /** Whether it was thrown, and is no response: then nothing may be thrown because of it. @default false */
  readonly isCaught?: boolean
  /** What was thrown, when that is not just another word for the status code. */
  readonly thrown?: unknown
  /** What it is, when it is neither a response nor an error, nor a text. */
  readonly unknown?: string
}

/**
 * Reads the head of a response of fetch, undici or axios, and its body where that is there; or what an error, or a text that was thrown,
 * tells of its call. What is neither was thrown, too, as anything can be.
 *
 * @throws SCS_INTEGRATION_ERR_RESPONSE for a promise
 */
export function readResponse(given: unknown): ReadResponse {
  if (isErrorObject(given)) return readCaught(given, responseOf)
  // `controller.abort('reason')` makes fetch throw just that.
  if (typeof given === 'string') return caught(given)
  const response = safeResponseOf(given)
  if (response !== undefined) return response
  if (isErrorLike(given)) return readCaught(given, responseOf)
  if (types.isPromise(given)) throw new ResponseError(show(given))
  const isData = typeof given === 'object' && given !== null
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

/** The fields of a record: what the application says wins over what the response says. */
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

/** The response that a value is, of whatever client. */
function responseOf(given: unknown): ReadResponse | undefined {
  if (typeof given !== 'object' || given === null) return undefined
  if ('clone' in given && 'bodyUsed' in given) return readFetch(given as unknown as FetchResponse)
  if ('statusCode' in given) return readUndici(given as UndiciResponse)
  if ('status' in given && 'data' in given) return readAxios(given as unknown as AxiosResponse)
  return undefined
}

function readFetch(response: FetchResponse): ReadResponse {
  const { status, url, headers } = response
  const isUnread = !response.bodyUsed && response.body !== null && !response.body.locked
  return {
    statusCode: status,
    fields: { responseHeaders: headers, ...(url === '' ? {} : { url }) },
    body: response.body === null ? null : UNSEEN,
    ...(isUnread ? { unread: response } : {}),
  }
}

function readUndici({ statusCode, headers, body }: UndiciResponse): ReadResponse {
  const isUnseen = body === undefined || isStream(body)
  return { statusCode, fields: { responseHeaders: headers }, body: isUnseen ? UNSEEN : body }
}

function readAxios({ status, data, headers, config }: AxiosResponse): ReadResponse {
  return {
    statusCode: status,
    fields: {
      responseHeaders: headers as NonNullable<LogFields['responseHeaders']>,
      ...requestOfConfig(config),
    },
    body: isStream(data) ? UNSEEN : data,
  }
}
