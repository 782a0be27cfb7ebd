import type { FastifyRequest } from 'fastify'
import type { JsonValue } from '../json/json-value.js'

/** Tells what is known of a request so far, already redacted; undefined when that is nothing. */
export type FactProvider = (request: FastifyRequest) => JsonValue | undefined

/** What plugins know of a request (its audit events, its outbound calls), for the reports that show it. */
export interface RequestFacts {
  /** Adds a provider under the name that reports show; the function that is returned takes it off. */
  add(name: string, provider: FactProvider): () => void
  /** Everything that is known of a request now. A provider that throws is left out. */
  of(request: FastifyRequest): Record<string, JsonValue>
}

/** Makes the facts of one app; `onFailure` is told of a provider that throws. */
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

/** The path of a request's URL, without the query, which may hold secrets. */
export function pathOf(url: string): string {
  const end = url.search(/[?#]/)
  return end === -1 ? url : url.slice(0, end)
}
