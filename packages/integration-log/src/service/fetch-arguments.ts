import { isObject } from '@fastify-scs/core/kit'
import type { Dispatcher } from 'undici'
import { UrlError } from '../errors.js'
import type { Reference } from '../record.js'
import type { CallFields } from '../transport/dispatch-recorder.js'

/** What a service's fetch takes beside the options of fetch. */
export interface IntegrationRequestInit extends RequestInit {
  /** The business record that the call belongs to. */
  readonly reference?: Reference
  readonly description?: string
  /** The application's own name for the record, unique among those of the service, up to 200 characters. */
  readonly key?: string
  /** @default the id of the request that is being handled */
  readonly requestId?: string
  /** The id of the attempt that this one repeats. */
  readonly retryOf?: string
}

/** The options of fetch that Node knows beside the standard ones. */
export interface NodeRequestInit extends Omit<RequestInit, 'dispatcher'> {
  readonly dispatcher?: Dispatcher | undefined
}

/** The options of a call, split into those of fetch and those of the record. */
export interface SplitInit {
  readonly init: NodeRequestInit
  readonly fields: CallFields
  /** The body, where it is complete: a dispatcher sees only an iterable of it, and nothing when there is no connection. */
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

/** Splits the options of fetch from those of the record. The caller's object is not changed. */
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

/** A form is serialized here, so that its body can be recorded even without a connection. */
function knownBodyOf(body: unknown): unknown {
  if (isKnown(body)) return body
  return body instanceof URLSearchParams ? String(body) : undefined
}

function isKnown(body: unknown): boolean {
  return typeof body === 'string' || ArrayBuffer.isView(body) || body instanceof ArrayBuffer
}

/** Fetch takes any object, a Request too, whose fields are getters of its class and are not its own. */
function isInstance(given: unknown): given is IntegrationRequestInit {
  if (!isObject(given)) return false
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

/** The part of a service that decides where its calls may lead. */
export interface ServiceTarget {
  readonly name: string
  readonly origin: string | undefined
}

/**
 * The URL for fetch: a relative one is resolved against the service's origin. Another origin is refused, since what
 * belongs to the service (keys that are redacted, TLS, a proxy) was not declared for it.
 *
 * @throws SCS_INTEGRATION_ERR_URL
 */
export function requestTarget(
  service: ServiceTarget,
  input: string | URL | Request,
): string | URL | Request {
  const { origin } = service
  if (typeof input === 'string') {
    // The usual case, which fetch then parses, once.
    if (origin !== undefined && input.startsWith('/') && input[1] !== '/' && input[1] !== '\\') {
      return origin + input
    }
    return resolve(service, input)
  }
  const url = input instanceof Request ? new URL(input.url) : input
  refuseOther(service, url)
  return input
}

function resolve(service: ServiceTarget, input: string): string | URL {
  const { name, origin } = service
  if (!URL.canParse(input, origin)) {
    // Fetch has its own error for something that is not a URL.
    if (origin !== undefined) return input
    throw new UrlError(name, 'a relative URL', 'it has no origin')
  }
  const url = new URL(input, origin)
  refuseOther(service, url)
  return url
}

function refuseOther({ name, origin }: ServiceTarget, url: URL): void {
  if (origin === undefined || url.origin === origin) return
  throw new UrlError(name, url.origin, `its origin is ${origin}`)
}
