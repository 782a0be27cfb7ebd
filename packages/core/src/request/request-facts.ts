import type { FastifyRequest } from 'fastify'
import type { JsonValue } from '../json/json-value.js'

/** Returns what a plugin knows of a request so far, redacted; undefined when it knows nothing. */
export type FactProvider = (request: FastifyRequest) => JsonValue | undefined

/** What plugins know of a request (its audit events, its outbound calls), for reports. */
export interface RequestFacts {
  /** Adds a provider under the name that reports show; the returned function removes it. */
  add(name: string, provider: FactProvider): () => void
  /** Everything that is known of a request now, by name. A provider that throws is left out. */
  of(request: FastifyRequest): Record<string, JsonValue>
}

/** Makes the facts of one app; `onFailure` gets what a provider throws. */
export function createRequestFacts(onFailure: (error: unknown) => void): RequestFacts {
  const providers = new Map<string, FactProvider>()
  return {
    add(name, provider) {
      providers.set(name, provider)
      return () => void providers.delete(name)
    },
    of(request) {
      const facts: Record<string, JsonValue> = {}
      for (const [name, provider] of providers) {
        try {
          const fact = provider(request)
          if (fact !== undefined) facts[name] = fact
        } catch (error) {
          onFailure(error)
        }
      }
      return facts
    },
  }
}

/** Where a request came from. */
export interface ClientFacts {
  /** The client's address; null when nobody asked while the connection was open. */
  readonly ip: string | null
  readonly protocol: 'http' | 'https'
}

const FACTS: unique symbol = Symbol('@fastify-scs/core/client-facts')

type AskedRequest = FastifyRequest & { [FACTS]?: ClientFacts }

/**
 * Where a request came from. The first answer is kept on the request: a connection that is closed has no address, and neither has
 * a stream of HTTP/2 that has ended. To report a request later, ask while its connection is open. Never throws.
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
    // With `trustProxy`, Fastify throws for a closed stream of HTTP/2.
    return { ip: null, protocol: 'http' }
  }
}

/** The path of a request's URL, without the query, which may hold secrets. */
export function pathOf(url: string): string {
  const end = url.search(/[?#]/)
  return end === -1 ? url : url.slice(0, end)
}
