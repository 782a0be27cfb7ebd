import type { Dispatcher } from 'undici'
import type { IntegrationRequestInit } from '../integration-service.js'
import type { CallFields } from '../transport/dispatch-recorder.js'

/** The options of fetch that Node knows beside the standard ones. */
export interface NodeRequestInit extends Omit<RequestInit, 'dispatcher'> {
  readonly dispatcher?: Dispatcher | undefined
}

/** What fetch is told, and what the record is told. */
export interface SplitInit {
  readonly init: NodeRequestInit
  readonly fields: CallFields
  /** The body, when all of it is there: a dispatcher sees only an iterable of it, and nothing when there is no connection. */
  readonly knownBody: unknown
}

const STANDARD = [
  'method',
  'headers',
  'body',
  'mode',
  'credentials',
  'cache',
  'redirect',
  'referrer',
  'referrerPolicy',
  'integrity',
  'keepalive',
  'signal',
  'duplex',
  'window',
] as const

/** Takes apart what fetch and what the record is told. The caller's object is not changed. */
export function splitInit(given: IntegrationRequestInit | null | undefined): SplitInit {
  const plain = isInstance(given) ? copyOf(given) : given
  const { reference, description, requestId, retryOf, key, ...rest } = plain ?? {}
  // The type of the global fetch means the undici of Node's own types.
  const init: NodeRequestInit = rest as object
  const fields: { -readonly [Name in keyof CallFields]: CallFields[Name] } = {}
  if (reference !== undefined) fields.reference = reference
  if (description !== undefined) fields.description = description
  if (requestId !== undefined) fields.requestId = requestId
  if (retryOf !== undefined) fields.retryOf = retryOf
  if (key !== undefined) fields.key = key
  return { init, fields, knownBody: knownBodyOf(init.body) }
}

/** A form is written out here, so that it is known also when there is no connection. */
function knownBodyOf(body: unknown): unknown {
  if (isKnown(body)) return body
  return body instanceof URLSearchParams ? String(body) : undefined
}

function isKnown(body: unknown): boolean {
  return typeof body === 'string' || ArrayBuffer.isView(body) || body instanceof ArrayBuffer
}

/** Fetch takes any object, a Request too, whose fields are getters of its class and are not its own. */
function isInstance(given: unknown): given is IntegrationRequestInit {
  if (typeof given !== 'object' || given === null) return false
  const prototype: unknown = Object.getPrototypeOf(given)
  return prototype !== Object.prototype && prototype !== null
}

function copyOf(given: IntegrationRequestInit): IntegrationRequestInit {
  const source = given as Readonly<Record<string, unknown>>
  const { reference, description, requestId, retryOf, key } = given
  const copy: Record<string, unknown> = { reference, description, requestId, retryOf, key }
  for (const name of STANDARD) {
    const value = source[name]
    if (value !== undefined) copy[name] = value
  }
  return copy
}
