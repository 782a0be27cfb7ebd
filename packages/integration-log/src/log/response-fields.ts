import type { LogFields } from './log-fields.js'

/** What a response does not tell of its call. */
export interface ResponseFields extends Partial<Omit<LogFields, 'status' | 'isRemoteRequest'>> {
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
