import { isObject, nearestHint, readField, shortened, show } from '@fastify-scs/core/kit'
import { FieldError, IdError } from '../errors.js'
import { INTEGRATION_STATUSES, type IntegrationStatus, type Reference } from '../record.js'

/** The largest status code that every store takes. */
const MAX_STATUS_CODE = 2_147_483_647
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const REFER_FIELDS: readonly string[] = ['type', 'id', 'key', 'description']
const TEXTS = ['url', 'method', 'description', 'requestId', 'remoteId', 'retryOf'] as const

/**
 * Checks the fields whose wrong values would otherwise be lost silently.
 *
 * @throws SCS_INTEGRATION_ERR_FIELD
 */
export function checkFields(fields: Partial<LogFields>): void {
  const { service, status, statusCode, durationMs, reference, isRemoteRequest } = fields
  if (typeof service !== 'string' || service === '') fail('service', 'a non-empty string', service)
  for (const name of TEXTS) {
    const text: unknown = fields[name]
    if (text !== undefined && typeof text !== 'string') fail(name, 'a string', text)
  }
  if (status !== undefined) checkStatus(status)
  if (statusCode !== undefined && !isStatusCode(statusCode))
    fail('statusCode', 'a whole number', statusCode)
  if (durationMs !== undefined && !(Number.isFinite(durationMs) && durationMs >= 0))
    fail('durationMs', 'a number of milliseconds', durationMs)
  if (isRemoteRequest !== undefined && typeof isRemoteRequest !== 'boolean')
    fail('isRemoteRequest', 'true or false', isRemoteRequest)
  if (reference !== undefined && referenceIn(reference) === undefined)
    fail('reference', '{ type, id }', reference)
}

/** Whether a value can be kept as a status code. */
export function isStatusCode(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_STATUS_CODE
}

/** @throws SCS_INTEGRATION_ERR_FIELD */
export function checkStatus(status: unknown): asserts status is IntegrationStatus {
  if (INTEGRATION_STATUSES.includes(status as IntegrationStatus)) return
  fail('status', INTEGRATION_STATUSES.join(', '), status)
}

/**
 * Checks a record's reference and ids, except for its key.
 *
 * @throws SCS_INTEGRATION_ERR_FIELD
 */
export function checkRefer(to: ReferFields): void {
  if (referenceIn(to) === undefined) fail('to', '{ type, id }', to)
  for (const name of Object.keys(to)) {
    if (REFER_FIELDS.includes(name)) continue
    const hint = nearestHint(name, REFER_FIELDS)
    throw new FieldError(shortened(name, 60), 'no such field', `one${hint}`)
  }
  const { description } = to
  if (description !== undefined && typeof description !== 'string')
    fail('description', 'a string', description)
}

/**
 * The id in the form that every store keeps.
 *
 * @throws SCS_INTEGRATION_ERR_ID
 */
export function checkId(id: unknown): string {
  const lower = typeof id === 'string' ? id.toLowerCase() : ''
  if (!UUID.test(lower)) throw new IdError(show(id))
  return lower
}

/** The reference that Frappe keeps within the data of a call. */
export function referenceInData(data: unknown): Reference | undefined {
  const document: unknown = typeof data === 'string' ? parse(data) : data
  if (!isObject(document)) return undefined
  try {
    const { reference_doctype, reference_docname } = document as Record<string, unknown>
    return frappesReference(reference_doctype, reference_docname)
  } catch {
    // A getter that throws.
    return undefined
  }
}

/** A value as a reference; its id may be a number. */
export function referenceIn(value: unknown): Reference | undefined {
  if (!isObject(value)) return undefined
  const { type, id } = value as Readonly<Record<string, unknown>>
  return referenceOf(type, id)
}

/** The reference under Frappe's two names; an empty text counts as not set. */
export function frappesReference(type: unknown, id: unknown): Reference | undefined {
  return type === '' || id === '' ? undefined : referenceOf(type, id)
}

/** The reference of a type and an id, which may be a number; undefined where they are not valid. */
export function referenceOf(type: unknown, id: unknown): Reference | undefined {
  if (typeof type !== 'string' || (typeof id !== 'string' && typeof id !== 'number'))
    return undefined
  return { type, id: String(id) }
}

function parse(text: string): unknown {
  // Text without the name need not be parsed.
  if (!text.includes('reference_doctype')) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function fail(field: string, expected: string, found: unknown): never {
  throw new FieldError(field, expected, show(found))
}

/** The fields of a call that the application logs itself. All of them are redacted before they are kept. */
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
 * Null counts as not given, and so does an empty text except as `name`. Where our name is given too, ours wins.
 */
export interface FrappeFields {
  /** `service`. */
  readonly service_name?: string | null
  /** `service`. */
  readonly integration_request_service?: string | null
  /** `isRemoteRequest`, as 0 or 1. */
  readonly is_remote_request?: 0 | 1 | boolean | null
  /**
   * `'Remote'` is an outbound call, `'Host'` an inbound one. `'Subscription Notification'` is an inbound call with this as its
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

/** A call by our names, by Frappe's, or by a mixture; the service by one of its names. */
export type LoggedFields =
  | (LogFields & FrappeFields)
  | (Partial<LogFields> & FrappeFields & { readonly service_name: string })
  | (Partial<LogFields> & FrappeFields & { readonly integration_request_service: string })

/** Headers in any form: a Headers object, a list of pairs or an object. */
export type HeadersLike =
  | Iterable<readonly [name: string, value: string]>
  | Readonly<Record<string, unknown>>

/** A field of any value; undefined where its getter throws or the value is not an object. */
export function fieldOf(value: unknown, name: string): unknown {
  return isObject(value) ? readField(value, name) : undefined
}

/** What a record belongs to, and what it is known by. */
export interface ReferFields extends Reference {
  /** The application's own name for the record. */
  readonly key?: string
  readonly description?: string
}
