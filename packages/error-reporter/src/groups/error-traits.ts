import { isObject, isRegistryError, readThrown, type ThrownNode } from '@fastify-scs/core/kit'
import { type ErrorTraits, normalizeMessage } from './fingerprint.js'

/** Codes that a system or a library gives: `ECONNREFUSED`, `ER_DUP_ENTRY`, and those of SQL: `23505`, a unique violation of PostgreSQL. */
const SYSTEM_CODE = /^(?:[A-Z][A-Z0-9_]+|[0-9A-Z]{5})$/
/** undici's errors, whose messages name where it wanted to connect to and nothing of the request. */
const UNDICI_CODE = /^UND_ERR_/
/** From here on the system gives out ports as it likes: they do not tell one service from another. */
const FIRST_DYNAMIC_PORT = 32_768

const NONE: readonly never[] = []

/** Reads the traits of whatever was thrown or caught. Never throws. */
export function traitsOf(caught: unknown): ErrorTraits {
  const thrown = readThrown(caught)
  const { code, message } = textsOf(thrown)
  return { name: thrown.name, code, message, origins: originsOf(thrown) }
}

/** Whether a value is a `Response` of fetch, of whichever copy of undici. Never throws. */
export function isResponse(value: unknown): value is Response {
  try {
    return Object.prototype.toString.call(value) === '[object Response]'
  } catch {
    // A Proxy trap threw.
    return false
  }
}

function textsOf({ value, code, message }: ThrownNode): { code: string; message: string } {
  if (isResponse(value)) return { code: String(value.status), message: value.statusText }
  const registered = registeredCodeOf(value)
  if (registered !== undefined) return { code: registered, message: '' }
  if (code !== undefined && message !== undefined) return { code, message }
  const model = readErrorModel(value)
  return { code: code ?? model.code, message: message ?? model.message }
}

/** The status and the id of a registered error. Its message has values that differ from one occurrence to the next. */
function registeredCodeOf(value: unknown): string | undefined {
  try {
    if (!isObject(value) || !isRegistryError(value)) return undefined
    return `${value.statusCode} ${value.id ?? ''}`
  } catch {
    // A getter or a Proxy trap threw.
    return undefined
  }
}

/** The code and the message of PyMacaron's Error model: `{ error, error_description, status }`. */
function readErrorModel(value: unknown): { readonly code: string; readonly message: string } {
  try {
    const { error, error_description } = (value ?? {}) as Record<string, unknown>
    return { code: codeText(error), message: codeText(error_description) }
  } catch {
    // A getter or a Proxy trap threw.
    return { code: '', message: '' }
  }
}

function codeText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/**
 * What tells one outage from another: where a connection failed to, the errors that an error is made of, and those of its
 * causes that have a code. Sorted, so that the order of a host's addresses makes no group of its own; empty for a plain
 * error.
 */
function originsOf(thrown: ThrownNode): readonly string[] {
  const { cause, errors } = thrown
  const destination = destinationOf(thrown)
  if (destination === undefined && cause === undefined && errors.length === 0) return NONE
  const origins = new Set<string>()
  if (destination !== undefined) origins.add(destination)
  collectOrigins(thrown, origins)
  return [...origins].sort()
}

function collectOrigins({ cause, errors }: ThrownNode, origins: Set<string>): void {
  for (const error of errors) {
    origins.add(originOf(error, true))
    collectOrigins(error, origins)
  }
  if (cause === undefined) return
  const { code = '' } = cause
  // The message of another cause may differ from request to request.
  if (SYSTEM_CODE.test(code)) origins.add(originOf(cause, UNDICI_CODE.test(code)))
  collectOrigins(cause, origins)
}

function originOf(error: ThrownNode, isMessageStable: boolean): string {
  const { name, code = '', message = '' } = error
  const text = isMessageStable ? normalizeMessage(message) : ''
  return `${name} ${code} ${destinationOf(error) ?? text}`
}

/**
 * Where a connection has failed to, `10.0.0.7:5432` or `db.internal`; undefined for any other failure. Never throws.
 *
 * Source: https://nodejs.org/api/errors.html#class-systemerror, and undici's SocketError.
 */
function destinationOf({ value, code }: ThrownNode): string | undefined {
  // A failure to connect always has a code, and most errors have none.
  if (code === undefined || typeof value !== 'object' || value === null) return undefined
  try {
    const { address, hostname, port, socket } = value as Record<string, unknown>
    const host = nonEmpty(hostname) ?? nonEmpty(address)
    if (host !== undefined) return withPort(host, port)
    const { remoteAddress, remotePort } = (socket ?? {}) as Record<string, unknown>
    const remote = nonEmpty(remoteAddress)
    return remote === undefined ? undefined : withPort(remote, remotePort)
  } catch {
    // A getter or a Proxy trap threw.
    return undefined
  }
}

function withPort(host: string, port: unknown): string {
  return typeof port === 'number' && port < FIRST_DYNAMIC_PORT ? `${host}:${port}` : host
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
