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

/** Frappe's names whose value is one of ours as it is. */
const SAME = {
  service_name: 'service',
  integration_request_service: 'service',
  request_description: 'description',
  request_id: 'requestId',
  request_headers: 'requestHeaders',
  status_code: 'statusCode',
  name: 'key',
} as const satisfies Partial<Record<keyof FrappeFields, keyof LogFields>>

/** Frappe's names whose value means something else. */
const OTHER = [
  'is_remote_request',
  'integration_type',
  'reference_doctype',
  'reference_docname',
] as const satisfies readonly (keyof FrappeFields)[]

/** Ours that Frappe calls the same. */
const SHARED: ReadonlySet<string> = new Set(['url', 'method', 'status', 'data', 'output', 'error'])
const HEADERS: ReadonlySet<string> = new Set(['requestHeaders', 'responseHeaders'])
const FRAPPES: ReadonlySet<string> = new Set([...Object.keys(SAME), ...OTHER])
const KNOWN: readonly string[] = [...Object.keys(OURS), ...FRAPPES]

/**
 * The fields by our names; the very object where none is one of Frappe's, or has Python's None.
 *
 * @param also A field beside them.
 * @throws SCS_INTEGRATION_ERR_FIELD for one that nobody knows, with the nearest that is known
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

// What it holds is not shown: nobody knows whether it is a secret.
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

/** Whether a field that has the same name in Frappe is not given. */
function isNone(name: string, value: unknown): boolean {
  return value === null && SHARED.has(name)
}

/** A field of Frappe that is None or an empty text is not set. */
function givenOf<Value>(value: Value): Value | undefined {
  return value === null || value === '' ? undefined : value
}

// What they hold is not shown: there may be a secret in it.
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

// As create_request_log reads it, where any other type is a call that came in.
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
