import { formOf, parseContentType } from '@fastify-scs/core/kit'
import type { RawHeaders } from '../call.js'

/** Bytes of the value of a header that is looked at. */
const MAX_VALUE_BYTES = 8_192

/**
 * Finds a header by its lower-case name. Most are ruled out by the length of their name, so that no text is made of the
 * bytes of the wire for them.
 */
export function findHeader(headers: RawHeaders, name: string): string | undefined {
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const key = headers[i]
    if (key?.length !== name.length) continue
    if ((typeof key === 'string' ? key : key.toString('latin1')).toLowerCase() !== name) continue
    const value = headers[i + 1] ?? ''
    // None of those that are looked for is that long.
    if (value.length > MAX_VALUE_BYTES) return undefined
    return typeof value === 'string' ? value : value.toString('latin1')
  }
  return undefined
}

/** Whether a body of this content type is recorded by its checksum, not as text. */
export function isBinary(contentType: string | undefined): boolean {
  // What most bodies are need not be taken apart.
  if (contentType === undefined || contentType.startsWith('application/json')) return false
  return formOf(parseContentType(contentType)) === 'binary'
}

/** The announced length in bytes, or 0 when there is none to go by. */
export function announcedBytes(headers: RawHeaders): number {
  const bytes = Number(findHeader(headers, 'content-length') ?? 0)
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : 0
}

/** Whether undici keeps a header of this name in a place of its own, not in the list of headers of a request. */
export function isHeldApart(name: string | Buffer | undefined): boolean {
  const { length } = name ?? ''
  if (length !== 4 && length !== 10 && length !== 14) return false
  const lower = String(name).toLowerCase()
  return lower === 'host' || lower === 'connection' || lower === 'content-length'
}
