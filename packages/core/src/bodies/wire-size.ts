import type { FastifyRequest } from 'fastify'

/** How long a body was on the wire. */
export interface WireSize {
  /** At most so many bytes. */
  readonly maxBytes: number
  /** Whether it is known to be as many. */
  readonly isExact: boolean
}

/** How long the body of a request was on the wire. */
export function wireSizeOf({ headers, raw, routeOptions }: FastifyRequest): WireSize {
  const isEncoded = headers['content-encoding'] !== undefined
  const announced = Number(headers['content-length'] ?? Number.NaN)
  if (!isEncoded && announced >= 0) return { maxBytes: announced, isExact: true }
  // In chunks, or compressed: no more than the route allows or, compressed or not, than the connection has brought.
  const allowed = routeOptions.bodyLimit ?? Number.POSITIVE_INFINITY
  const received = isEncoded ? undefined : raw.socket?.bytesRead
  return { maxBytes: Math.min(allowed, received ?? Number.POSITIVE_INFINITY), isExact: false }
}
