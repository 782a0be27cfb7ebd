import type { FastifyRequest } from 'fastify'

/** How long the body of a request was on the wire at most, in bytes. */
export function wireBytesOf({ headers, raw, routeOptions }: FastifyRequest): number {
  const isEncoded = headers['content-encoding'] !== undefined
  const announced = Number(headers['content-length'] ?? Number.NaN)
  if (!isEncoded && announced >= 0) return announced
  // In chunks, or compressed: no more than the route allows or, compressed or not, than the connection has brought.
  const allowed = routeOptions.bodyLimit ?? Number.POSITIVE_INFINITY
  const received = isEncoded ? undefined : raw.socket?.bytesRead
  return Math.min(allowed, received ?? Number.POSITIVE_INFINITY)
}
