import { isObject } from '@fastify-scs/core/kit'
import { NotRecorded } from '../bodies/describe-given.js'
import type { FrappeFields, LogFields } from '../log/log-fields.js'

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

/** The response that a value is, of whatever client. */
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

/** What a response, or an error, does not tell of its call, by our names or Frappe's; it wins over what the response tells. */
export interface ResponseFields extends Partial<LogFields>, FrappeFields {
  /** The body that the application has read already, for a response whose body cannot be seen. */
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
  /** A stream, but in an error. */
  readonly body?: unknown
}

/** A response of axios, and of what is like it. */
export interface AxiosResponse {
  readonly status: number
  readonly data: unknown
  readonly headers: object
  readonly config?: object
}

/** A response that `logResponse` can read. */
export type AnyResponse = Response | FetchResponse | UndiciResponse | AxiosResponse

/**
 * What `logResponse` takes: a response, an error (of axios, of fetch, of undici, of whatever failed), or what was caught and is of no
 * known type.
 */
export type Loggable<Given> = unknown extends Given ? Given : AnyResponse | Error | string

/** Stands for a body that only the application may read. */
export const UNSEEN: NotRecorded = new NotRecorded('the application reads it; pass it as "body"')

/** What the `config` of axios tells of a request; nothing where there is none. */
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
