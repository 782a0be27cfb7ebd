import { isObject } from '@fastify-scs/core/kit'
import { NotRecorded } from '../bodies/describe-given.js'
import type { FrappeFields, LogFields } from '../log/log-fields.js'

/** What a response or an error tells about its call. */
export interface ReadResponse {
  /** Null when there was no answer. */
  readonly statusCode: number | null
  readonly fields: Partial<LogFields>
  /** The answer's body, where it can be seen. */
  readonly body: unknown
  /** A response of fetch whose body is still to be read, from a clone. */
  readonly unread?: FetchResponse
  /** Whether it was thrown and is not a response; then logging it must not throw. @default false */
  readonly isCaught?: boolean
  /** What was thrown, unless it only repeats the status code. */
  readonly thrown?: unknown
  /** Its type, when it is neither a response nor an error nor a text. */
  readonly unknown?: string
}

/** Reads a response of any known client. */
export function responseOf(given: unknown): ReadResponse | undefined {
  if (!isObject(given)) return undefined
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

/** Fields that a response or an error lacks, by our names or Frappe's; they win over the response's own. */
export interface ResponseFields extends Partial<LogFields>, FrappeFields {
  /** The body, if the application has read it already or it cannot be read here. */
  readonly body?: unknown
}

/** A response of fetch. */
export interface FetchResponse {
  readonly status: number
  readonly url: string
  readonly headers: Headers
  readonly bodyUsed: boolean
  readonly body: ReadableStream | null
  clone(): { readonly body: ReadableStream | null }
}

/** A response of undici's `request`. */
export interface UndiciResponse {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, unknown>>
  /** A stream, except in an error. */
  readonly body?: unknown
}

/** A response of axios or of a client with the same form. */
export interface AxiosResponse {
  readonly status: number
  readonly data: unknown
  readonly headers: object
  readonly config?: object
}

/** A response that `logResponse` can read. */
export type AnyResponse = Response | FetchResponse | UndiciResponse | AxiosResponse

/**
 * What `logResponse` takes: a response, an error (of axios, fetch, undici or anything else), or a caught value of
 * known type.
 */
export type Loggable<Given> = unknown extends Given ? Given : AnyResponse | Error | string

/** Takes the place of a body that only the application may read. */
export const UNSEEN: NotRecorded = new NotRecorded('the application reads it; pass it as "body"')

/** The request as the `config` of axios describes it; nothing without one. */
export function requestOfConfig(config: unknown): Partial<LogFields> {
  if (!isObject(config)) return {}
  const { url, baseURL, method, headers, data } = config as Readonly<Record<string, unknown>>
  return {
    ...(typeof method === 'string' ? { method } : {}),
    ...(isObject(headers)
      ? { requestHeaders: headers as NonNullable<LogFields['requestHeaders']> }
      : {}),
    ...urlOf(url, baseURL),
    data: isStream(data) ? UNSEEN : data,
  }
}

/** Whether a body can be read only once. */
export function isStream(value: unknown): boolean {
  return isObject(value) && ('pipe' in value || 'getReader' in value)
}

function urlOf(url: unknown, baseURL: unknown): { url?: string } {
  if (typeof url !== 'string') return typeof baseURL === 'string' ? { url: baseURL } : {}
  if (URL.canParse(url) || typeof baseURL !== 'string') return { url }
  // As axios joins them, which is not as URLs are resolved.
  return { url: `${baseURL.replace(/\/$/, '')}/${url.replace(/^\//, '')}` }
}
