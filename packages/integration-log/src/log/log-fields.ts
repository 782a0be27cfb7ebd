import type { IntegrationStatus, Reference } from '../record.js'

/** What the application tells of a call that it made, or got, itself. All fields are redacted before they are kept. */
export interface LogFields {
  readonly service: string
  readonly url?: string
  readonly method?: string
  readonly requestHeaders?: HeadersLike
  /** What was sent. Its fields `reference_doctype` and `reference_docname` are the reference when none is given. */
  readonly data?: unknown
  readonly responseHeaders?: HeadersLike
  readonly output?: unknown
  readonly error?: unknown
  /** @default 'Queued' */
  readonly status?: IntegrationStatus
  readonly statusCode?: number
  /** Milliseconds. */
  readonly durationMs?: number
  readonly reference?: Reference
  /** True for a call to the outside, false for one that came in. @default true */
  readonly isRemoteRequest?: boolean
  readonly description?: string
  /** @default the id of the request that is being handled */
  readonly requestId?: string
  /** The application's own name for the record, 1 to 200 characters, unique among those of the service. */
  readonly key?: string
  /** The id by which the other side knows the call. */
  readonly remoteId?: string
  /** The id of the attempt that this one repeats. */
  readonly retryOf?: string
  /** A UUID. @default a new UUID v7 */
  readonly id?: string
}

/**
 * The names of Frappe's `create_request_log` and of its Integration Request, as a call that was translated word for word has them.
 * Null is not given, nor is an empty text but as `name`; where one of ours is given too, that one counts.
 */
export interface FrappeFields {
  /** `service`. */
  readonly service_name?: string | null
  /** `service`. */
  readonly integration_request_service?: string | null
  /** `isRemoteRequest`, as 0 or 1. */
  readonly is_remote_request?: 0 | 1 | boolean | null
  /**
   * `'Remote'` is a call to the outside, `'Host'` one that came in, and `'Subscription Notification'` one that came in, and its
   * description.
   */
  readonly integration_type?: 'Remote' | 'Host' | 'Subscription Notification' | null
  /** `description`. */
  readonly request_description?: string | null
  /** `requestId`. */
  readonly request_id?: string | null
  /** `requestHeaders`; also as JSON text. */
  readonly request_headers?: HeadersLike | string | null
  /** `statusCode`. */
  readonly status_code?: number | null
  /** `reference.type`; with `reference_docname`. */
  readonly reference_doctype?: string | null
  /** `reference.id`; with `reference_doctype`. */
  readonly reference_docname?: string | number | null
  /** `key`: ids are UUIDs here. */
  readonly name?: string | null
}

/** A call by our names, or by Frappe's, or by some of both; the service by one of them. */
export type LoggedFields =
  | (LogFields & FrappeFields)
  | (Partial<LogFields> & FrappeFields & { readonly service_name: string })
  | (Partial<LogFields> & FrappeFields & { readonly integration_request_service: string })

/** Headers in any form: a Headers object, a list of pairs or an object. */
export type HeadersLike =
  | Iterable<readonly [name: string, value: string]>
  | Readonly<Record<string, unknown>>
