import { isObject, nearestName, shortened, show } from '@fastify-scs/core/kit'
import { FieldError } from '../errors.js'
import { type FrappeFields, type LogFields, referenceOf } from './log-fields.js'

const OURS: Readonly<Record<keyof LogFields, true>> = {
  service: true,
  url: true,
  method: true,
  requestHeaders: true,
  data: true,
  responseHeaders: true,
  output: true,
  error: true,
  status: true,
  statusCode: true,
  durationMs: true,
  reference: true,
  isRemoteRequest: true,
  description: true,
  requestId: true,
  key: true,
  remoteId: true,
  retryOf: true,
  id: true,
}

/** Frappe's names for fields whose value we take as it is. */
const SAME = {
  service_name: 'service',
  integration_request_service: 'service',
  request_description: 'description',
  request_id: 'requestId',
  request_headers: 'requestHeaders',
  status_code: 'statusCode',
  name: 'key',
} as const satisfies Partial<Record<keyof FrappeFields, keyof LogFields>>

/** Frappe's names for fields whose value is converted. */
const OTHER = [
  'is_remote_request',
  'integration_type',
  'reference_doctype',
  'reference_docname',
] as const satisfies readonly (keyof FrappeFields)[]

/** Our names that Frappe uses too. */
const SHARED: ReadonlySet<string> = new Set(['url', 'method', 'status', 'data', 'output', 'error'])
const HEADERS: ReadonlySet<string> = new Set(['requestHeaders', 'responseHeaders'])
const FRAPPES: ReadonlySet<string> = new Set([...Object.keys(SAME), ...OTHER])
const KNOWN: readonly string[] = [...Object.keys(OURS), ...FRAPPES]

/**
 * The fields by our names; the same object where none has a name of Frappe's or is null.
 *
 * @param also One more allowed field.
 * @throws SCS_INTEGRATION_ERR_FIELD for an unknown field, with the nearest known one
 */
export function readFields<Fields extends object>(given: Fields, also?: string): Fields {
  if (!isObject(given)) throw new FieldError('fields', 'an object', show(given))
  let isFrappes = false
  for (const name of Object.keys(given)) {
    const value = (given as Record<string, unknown>)[name]
    if (FRAPPES.has(name) || isNone(name, value)) isFrappes = true
    if (FRAPPES.has(name)) continue
    if (!Object.hasOwn(OURS, name) && name !== also) refuseUnknown(name, value)
    else if (HEADERS.has(name)) checkHeaders(name, value)
  }
  return isFrappes ? translate(given) : given
}

// Its value is not shown, as it may be a secret.
function refuseUnknown(name: string, value: unknown): void {
  if (value === undefined) return
  const nearest = nearestName(name, KNOWN)
  const hint =
    nearest === undefined
      ? `known are ${Object.keys(OURS).join(', ')}`
      : `did you mean "${nearest}"?`
  const kind = Array.isArray(value) ? 'list' : typeof value
  throw new FieldError(shortened(name, 60), 'no such field', `one of type ${kind}; ${hint}`)
}

/** Whether a field that Frappe gives the same name counts as not given. */
function isNone(name: string, value: unknown): boolean {
  return value === null && SHARED.has(name)
}

/** A field of Frappe that is None or an empty text counts as not set. */
function givenOf<Value>(value: Value): Value | undefined {
  return value === null || value === '' ? undefined : value
}

// Their values are not shown: they may hold a secret.
function checkHeaders(name: string, value: unknown): void {
  if (value === undefined || typeof value === 'object') return
  const expected = 'headers, as an object, a list of pairs or a Headers object'
  throw new FieldError(name, expected, `one of type ${typeof value}`)
}

/** Frappe keeps them as JSON text. */
function headersIn(value: unknown): unknown {
  const headers = typeof value === 'string' ? parsed(value) : value
  checkHeaders('request_headers', headers)
  return headers
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function translate<Fields extends object>(given: Fields): Fields {
  const frappe = given as FrappeFields
  const ours: Record<string, unknown> = { ...referenceFields(frappe), ...typeFields(frappe) }
  for (const [name, ourName] of Object.entries(SAME)) {
    const named = frappe[name as keyof typeof SAME]
    const value = name === 'name' ? (named ?? undefined) : givenOf(named)
    if (value !== undefined) ours[ourName] = ourName === 'requestHeaders' ? headersIn(value) : value
  }
  for (const [name, value] of Object.entries(given))
    if (!FRAPPES.has(name) && value !== undefined && !isNone(name, value)) ours[name] = value
  return ours as Fields
}

function referenceFields({ reference_doctype, reference_docname }: FrappeFields) {
  const [type, id] = [givenOf(reference_doctype), givenOf(reference_docname)]
  if (type === undefined && id === undefined) return {}
  const reference = referenceOf(type, id)
  if (reference !== undefined) return { reference }
  const isTyped = typeof type === 'string'
  const field = isTyped ? 'reference_docname' : 'reference_doctype'
  throw new FieldError(
    field,
    'a text beside the other half of the reference',
    show(isTyped ? id : type),
  )
}

function typeFields({ is_remote_request, integration_type }: FrappeFields) {
  return { ...typeFieldsOf(integration_type), ...remoteFieldsOf(is_remote_request) }
}

// As create_request_log reads it: any type but 'Remote' is an inbound call.
function typeFieldsOf(type: unknown): Partial<LogFields> {
  switch (type) {
    case undefined:
    case null:
    case '':
      return {}
    case 'Remote':
      return { isRemoteRequest: true }
    case 'Host':
      return { isRemoteRequest: false }
    case 'Subscription Notification':
      return { isRemoteRequest: false, description: type }
    default:
      throw new FieldError(
        'integration_type',
        "'Remote', 'Host' or 'Subscription Notification'",
        show(type),
      )
  }
}

function remoteFieldsOf(flag: unknown): Partial<LogFields> {
  if (givenOf(flag) === undefined) return {}
  if (flag === 0 || flag === false) return { isRemoteRequest: false }
  if (flag === 1 || flag === true) return { isRemoteRequest: true }
  throw new FieldError('is_remote_request', '0 or 1', show(flag))
}
