import type { JsonValue } from '@fastify-scs/core'

/** The statuses of a call. From Frappe's Integration Request. */
export const INTEGRATION_STATUSES = [
  'Queued',
  'Authorized',
  'Completed',
  'Cancelled',
  'Failed',
] as const

/** The status of a call. */
export type IntegrationStatus = (typeof INTEGRATION_STATUSES)[number]

/** The business record that a call belongs to: `{ type: 'Order', id: '42' }`. */
export interface Reference {
  readonly type: string
  readonly id: string
}

/** Headers as they are recorded, redacted, names in lower case. */
export type RecordedHeaders = Readonly<Record<string, string | readonly string[]>>

/** As `RecordedHeaders`, of lists that may be changed, as JSON has them. */
type StoredHeaders = { readonly [name: string]: string | string[] } | null

/** A record as the store finds it: the fields of an IntegrationRecord, of types that are JSON for the compiler too. */
export type StoredIntegrationRecord = {
  readonly [Field in Exclude<keyof IntegrationRecord, keyof StoredAs>]: IntegrationRecord[Field]
} & StoredAs

type StoredAs = {
  readonly requestHeaders: StoredHeaders
  readonly responseHeaders: StoredHeaders
  readonly reference: { readonly type: string; readonly id: string } | null
  readonly resend?: {
    readonly missing: string[]
    readonly bodySha256?: string
    readonly retriedBy?: string
  }
}

/** What a retry of a failed call needs to know. */
export interface ResendFacts {
  /** Parts of the request that the record does not have as they were sent: `url`, `body`, `header authorization`. */
  readonly missing: readonly string[]
  /** SHA-256 of the body to send, in lower-case hex; absent for none. */
  readonly bodySha256?: string
  /** The id of the last attempt that repeats this one. */
  readonly retriedBy?: string
}

/** One call to the outside world, or one from it: plain data, redacted, bounded. */
export interface IntegrationRecord {
  /** UUID v7. */
  readonly id: string
  /** ISO 8601, UTC. */
  readonly createdAt: string
  readonly modifiedAt: string
  /** The declared service, or the origin's host for a call that was only observed. */
  readonly service: string
  /** True for a call to the outside, false for one that came in. */
  readonly isRemoteRequest: boolean
  readonly description: string | null
  /** The request within which the call was made. */
  readonly requestId: string | null
  /** The application's own name for the record, unique among those of the service. */
  readonly key: string | null
  /** The id by which the other side knows the call. */
  readonly remoteId: string | null
  /** Who made that request. */
  readonly owner: string | null
  /** The route pattern of that request. */
  readonly route: string | null
  readonly status: IntegrationStatus
  readonly method: string | null
  readonly url: string | null
  readonly requestHeaders: RecordedHeaders | null
  /** What was sent (or, inbound, received): parsed JSON where it is JSON, else text, or a description of binary data. */
  readonly data: JsonValue
  readonly responseHeaders: RecordedHeaders | null
  /** The answer's body of a call that succeeded. */
  readonly output: JsonValue
  /** The answer's body, or the error, of a call that failed. */
  readonly error: JsonValue
  readonly statusCode: number | null
  /** Milliseconds from the call to the end of its answer's body. */
  readonly durationMs: number | null
  readonly reference: Reference | null
  /** Whether a body was cut. */
  readonly truncated: boolean
  /** The id of the attempt that this one repeats. */
  readonly retryOf: string | null
  /** W3C trace id of the call or of the request, when there is one. */
  readonly traceId: string | null
  /** Only of a call that has failed, of a service with the option `retry`. */
  readonly resend?: ResendFacts
}

/**
 * Whether a status is a success: a 2xx, the 101 of an upgrade, or a 3xx (a redirect, or the caller's copy is still
 * valid).
 */
export function isSuccess(statusCode: number | null): boolean {
  if (statusCode === null) return false
  return (statusCode >= 200 && statusCode < 400) || statusCode === 101
}

/** A record's fields while they may still change. */
export type DraftFields = {
  -readonly [Field in keyof IntegrationRecord]: IntegrationRecord[Field]
}

/** The fields of a record that has only begun; the time is ISO 8601. */
export function emptyFields(id: string, at: string, service: string): DraftFields {
  return {
    id,
    createdAt: at,
    modifiedAt: at,
    service,
    isRemoteRequest: true,
    description: null,
    requestId: null,
    key: null,
    remoteId: null,
    owner: null,
    route: null,
    status: 'Queued',
    method: null,
    url: null,
    requestHeaders: null,
    data: null,
    responseHeaders: null,
    output: null,
    error: null,
    statusCode: null,
    durationMs: null,
    reference: null,
    truncated: false,
    retryOf: null,
    traceId: null,
  }
}

/** The fields of a record as JSON, which they are although their types have read-only lists. */
export function jsonOf(fields: IntegrationRecord): { readonly [field: string]: JsonValue } {
  return fields as unknown as { readonly [field: string]: JsonValue }
}
