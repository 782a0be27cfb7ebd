import { inspect } from 'node:util'
import { ResponseError } from '../errors.js'
import type { LogFields } from './log-fields.js'
import { NotRecorded } from './not-recorded.js'
import type {
  AnyResponse,
  AxiosResponse,
  FetchResponse,
  ResponseFields,
  UndiciResponse,
} from './response-fields.js'

/** What a response says of its call. */
export interface ReadResponse {
  readonly statusCode: number
  readonly fields: Partial<LogFields>
  /** The answer's body, as far as it is there to be seen. */
  readonly body: unknown
  /** The response of fetch whose body is still to be read, by a copy of ours. */
  readonly unread?: FetchResponse
}

const UNSEEN = new NotRecorded('the application reads it; pass it as "body"')

/** Reads the head of a response of fetch, undici or axios, and its body where that is there. @throws SCS_INTEGRATION_ERR_RESPONSE */
export function readResponse(response: AnyResponse): ReadResponse {
  if (typeof response !== 'object' || response === null) throw new ResponseError(inspect(response))
  if ('clone' in response && 'bodyUsed' in response) return readFetch(response)
  if ('statusCode' in response) return readUndici(response)
  if ('status' in response && 'data' in response) return readAxios(response)
  throw new ResponseError(inspect(response, { depth: 0, maxStringLength: 60 }))
}

/** The fields of a record: what the application says wins over what the response says. */
export function fieldsOfResponse(
  { statusCode, fields, body, unread }: ReadResponse,
  { body: givenBody, ...given }: ResponseFields,
): LogFields {
  const isCompleted = statusCode >= 200 && statusCode < 300
  const seen = givenBody ?? (unread === undefined ? body : undefined)
  const url = given.url ?? fields.url
  return {
    ...fields,
    [isCompleted ? 'output' : 'error']: seen,
    ...given,
    service:
      given.service ?? (url !== undefined && URL.canParse(url) ? new URL(url).host : 'unknown'),
    statusCode,
    status: isCompleted ? 'Completed' : 'Failed',
  }
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

function readUndici({ statusCode, headers }: UndiciResponse): ReadResponse {
  return { statusCode, fields: { responseHeaders: headers }, body: UNSEEN }
}

function readAxios({ status, data, headers, config = {} }: AxiosResponse): ReadResponse {
  const { url, baseURL, method, headers: sent, data: body } = config as Record<string, unknown>
  return {
    statusCode: status,
    fields: {
      responseHeaders: headers as NonNullable<LogFields['responseHeaders']>,
      ...(typeof method === 'string' ? { method } : {}),
      ...(typeof sent === 'object' && sent !== null
        ? { requestHeaders: sent as NonNullable<LogFields['requestHeaders']> }
        : {}),
      ...urlOf(url, baseURL),
      data: isStream(body) ? UNSEEN : body,
    },
    body: isStream(data) ? UNSEEN : data,
  }
}

function urlOf(url: unknown, baseURL: unknown): { url?: string } {
  if (typeof url !== 'string') return typeof baseURL === 'string' ? { url: baseURL } : {}
  if (URL.canParse(url) || typeof baseURL !== 'string') return { url }
  // As axios joins them, which is not as URLs are resolved.
  return { url: `${baseURL.replace(/\/$/, '')}/${url.replace(/^\//, '')}` }
}

function isStream(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('pipe' in value || 'getReader' in value)
}
