import type { RawHeaders } from '../call.js'

/** Headers of one message that are looked at. */
export const MAX_HEADERS = 1_000
/** Bytes of the value, or the name, of one header that is kept. */
export const MAX_VALUE_BYTES = 8_192
/** Bytes of all names and values of one message that are kept; twice what Node and undici take by default. */
export const MAX_HEADER_BYTES = 32_768

/** What stands for the headers that are left out; no header on the wire can have this name. */
const MORE = ['[truncated]', '[truncated: more headers]'] as const

/** Headers of a size that can be redacted at once. */
export interface BoundedHeaders {
  readonly headers: RawHeaders
  /** Whether something of them is missing. */
  readonly isTruncated: boolean
}

/**
 * The headers that are kept of a message, chosen by their sizes before anything of them is read. Of a value that is too long
 * nothing is kept: its beginning might be half of a secret, which nobody would recognise.
 */
export function boundHeaders(headers: RawHeaders): BoundedHeaders {
  if (areUsual(headers)) return { headers, isTruncated: false }
  const kept: (string | Buffer)[] = []
  let bytes = 0
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = keptOf(headers[at] ?? '')
    const value = keptOf(headers[at + 1] ?? '')
    bytes += name.length + value.length
    if (kept.length >= 2 * MAX_HEADERS || bytes > MAX_HEADER_BYTES) {
      kept.push(...MORE)
      break
    }
    kept.push(name, value)
  }
  return { headers: kept, isTruncated: true }
}

/** Whether nothing has to go, as is so of nearly all; then no list is made. */
function areUsual(headers: RawHeaders): boolean {
  if (headers.length > 2 * MAX_HEADERS) return false
  let bytes = 0
  for (let at = 0; at < headers.length; at++) {
    const { length } = headers[at] ?? ''
    if (length > MAX_VALUE_BYTES) return false
    bytes += length
  }
  return bytes <= MAX_HEADER_BYTES
}

function keptOf(part: string | Buffer): string | Buffer {
  return part.length <= MAX_VALUE_BYTES ? part : `[truncated: ${part.length} bytes]`
}
