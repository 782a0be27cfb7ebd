import type { FastifyRequest } from 'fastify'
import type { JsonValue } from '../json-value.js'

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
