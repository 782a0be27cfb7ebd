import type { FrappeFields, LogFields } from './log-fields.js'

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
