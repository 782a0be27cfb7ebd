import { findInCauses } from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'

// CanceledError and ERR_CANCELED are axios', RequestAbortedError and UND_ERR_ABORTED undici's, ABORTED superagent's.
const ABORT_NAMES = new Set([
  'AbortError',
  'CanceledError',
  'RequestAbortedError',
  'ResponseAborted',
])
const ABORT_CODES = new Set([
  'ABORTED',
  'ABORT_ERR',
  'ECONNABORTED',
  'ECONNRESET',
  'EPIPE',
  'ERR_CANCELED',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_WRITE_AFTER_END',
  'UND_ERR_ABORTED',
])

/** Whether the client has closed the connection before it had the whole answer. */
export function isClientGone(request: FastifyRequest): boolean {
  const { raw } = request
  if (raw.aborted === true) return true
  // What HTTP/2 shows as the socket is the stream, which is destroyed when the client has the whole answer as well.
  return raw.httpVersionMajor < 2 && raw.socket?.destroyed === true
}

/**
 * Whether a failure is only the consequence of a client that has gone: an aborted call, a broken pipe. A bug that
 * strikes after the client has gone is still a crash.
 */
export function isClientAbort(thrown: unknown, request: FastifyRequest): boolean {
  return isClientGone(request) && (thrown === undefined || isAbortError(thrown))
}

function isAbortError(thrown: unknown): boolean {
  const isNamed = (error: object): true | undefined => {
    const { name, code } = error as { readonly name?: unknown; readonly code?: unknown }
    return ABORT_NAMES.has(String(name)) || ABORT_CODES.has(String(code)) ? true : undefined
  }
  return findInCauses(thrown, isNamed) === true
}
