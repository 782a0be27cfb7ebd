import type { JsonValue, Redactor } from '@fastify-scs/core'
import {
  describeValue,
  formOf,
  leftOut,
  parseContentType,
  type WorkBudget,
  wireSizeOf,
} from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'
import { capped } from './caps.js'

const MARKER_AT_END = /\[truncated: \d+ (?:bytes|items)\]$/

/** The body of a request as a report shows it: by its content type, redacted, cut to a number of bytes. */
export function describeBody(
  request: FastifyRequest,
  redactor: Redactor,
  maxBytes: number,
  budget: WorkBudget,
): JsonValue {
  const body: unknown = request.body
  if (body === undefined || body === null) return null
  if (isStream(body)) return '[stream]'
  const contentType = request.headers['content-type']
  if (body instanceof Uint8Array && formOf(parseContentType(contentType)) === 'binary')
    return `[binary: ${body.byteLength} bytes]`
  const wireSize = wireSizeOf(request)
  const described = describeValue(body, redactor, { maxBytes, contentType, wireSize, budget })
  const shown = capped(described.value, maxBytes)
  const isRaw = typeof body === 'string' || body instanceof Uint8Array
  // What is left of a parsed body says itself what is missing.
  return isRaw && described.isTruncated ? withMarker(shown, bytesBeyond(body, maxBytes)) : shown
}

/** A parsed document may have keys of these names, but no functions. */
function isStream(body: object): boolean {
  const { pipe, getReader } = body as { readonly pipe?: unknown; readonly getReader?: unknown }
  return typeof pipe === 'function' || typeof getReader === 'function'
}

/** How much of a raw body is not shown, in bytes; of a text at least so many. */
function bytesBeyond(body: string | Uint8Array, maxBytes: number): number {
  return Math.max(0, (typeof body === 'string' ? body.length : body.byteLength) - maxBytes)
}

/** The beginning of a body with a marker for the rest of it, unless it has one. */
function withMarker(value: JsonValue, bytes: number): JsonValue {
  if (bytes === 0) return value
  const marker = leftOut(bytes)
  if (typeof value === 'string') return MARKER_AT_END.test(value) ? value : value + marker
  if (Array.isArray(value)) return [...value, marker]
  return typeof value === 'object' && value !== null ? { ...value, '[truncated]': marker } : value
}
