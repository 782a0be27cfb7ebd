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
  /** The id of the attempt that this one repeats. */
  readonly retryOf?: string
  /** A UUID. @default a new UUID v7 */
  readonly id?: string
}

/** Headers in any form: a Headers object, a list of pairs or an object. */
export type HeadersLike =
  | Iterable<readonly [name: string, value: string]>
  | Readonly<Record<string, unknown>>
