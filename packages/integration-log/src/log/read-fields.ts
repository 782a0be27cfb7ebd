import { nearestName, shortened, show } from '@fastify-scs/core'
import { FieldError } from '../errors.js'
import { referenceOf } from './check-fields.js'
import type { FrappeFields, LogFields } from './log-fields.js'

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

const FRAPPES: ReadonlySet<string> = new Set([...Object.keys(SAME), ...OTHER])
const KNOWN: readonly string[] = [...Object.keys(OURS), ...FRAPPES]

/**
 * The fields by our names; the very object where none is one of Frappe's.
 *
 * @param also A field beside them.
 * @throws SCS_INTEGRATION_ERR_FIELD for one that nobody knows, with the nearest that is known
 */
export function readFields<Fields extends object>(given: Fields, also?: string): Fields {
  if (typeof given !== 'object' || given === null)
    throw new FieldError('fields', 'an object', show(given))
  let isFrappes = false
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(OURS, name) || name === also) continue
    if (FRAPPES.has(name)) isFrappes = true
    else refuseUnknown(name, (given as Record<string, unknown>)[name])
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

function translate<Fields extends object>(given: Fields): Fields {
  const frappe = given as FrappeFields
  const ours: Record<string, unknown> = { ...referenceFields(frappe), ...typeFields(frappe) }
  for (const [name, ourName] of Object.entries(SAME)) {
    const value = frappe[name as keyof typeof SAME] ?? undefined
    if (value !== undefined) ours[ourName] = value
  }
  for (const [name, value] of Object.entries(given))
    if (!FRAPPES.has(name) && value !== undefined) ours[name] = value
  return ours as Fields
}

function referenceFields({ reference_doctype, reference_docname }: FrappeFields) {
  const [type, id] = [reference_doctype ?? undefined, reference_docname ?? undefined]
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
  if (flag === undefined || flag === null) return {}
  if (flag === 0 || flag === false) return { isRemoteRequest: false }
  if (flag === 1 || flag === true) return { isRemoteRequest: true }
  throw new FieldError('is_remote_request', '0 or 1', show(flag))
}
