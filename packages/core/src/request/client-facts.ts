import type { FastifyRequest } from 'fastify'

/** What is known of who a request came from, as long as its connection is open. */
export interface ClientFacts {
  /** The client's address; null when nobody asked while the connection was open. */
  readonly ip: string | null
  readonly protocol: 'http' | 'https'
}

const FACTS: unique symbol = Symbol('@fastify-scs/core/client-facts')

type AskedRequest = FastifyRequest & { [FACTS]?: ClientFacts }

/**
 * Tells who a request came from, and remembers it: a connection that is closed tells no address, and a stream of HTTP/2
 * tells none from its end on. Whoever reports a request later asks while it can still be told. Never throws.
 */
export function clientOf(request: FastifyRequest): ClientFacts {
  const asked: AskedRequest = request
  if (asked[FACTS] !== undefined) return asked[FACTS]
  const facts = read(request)
  if (facts.ip !== null) asked[FACTS] = facts
  return facts
}

function read(request: FastifyRequest): ClientFacts {
  try {
    const { ip, protocol } = request as Partial<FastifyRequest>
    return { ip: ip ?? null, protocol: protocol ?? 'http' }
  } catch {
    // With `trustProxy`, the address of a closed stream of HTTP/2.
    return { ip: null, protocol: 'http' }
  }
}
