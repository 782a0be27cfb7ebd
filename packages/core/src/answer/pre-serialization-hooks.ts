import type { FastifyRequest } from 'fastify'
import { symbolDescribed } from './compat-fastify.js'

/** What Fastify's context of a route has, as far as it is read here. */
interface RouteContext {
  readonly preSerialization?: readonly unknown[] | null
}

/**
 * Knows whether the host has preSerialization hooks for a request. Fastify has no public way to ask; its own property is
 * read, and where it is not found they may be there: the answer is the same then, it only costs more.
 */
export class PreSerializationHooks {
  #key: symbol | undefined

  /** Whether such a hook may run. */
  mayRun(request: FastifyRequest): boolean {
    this.#key ??= symbolDescribed(request, 'fastify.context')
    if (this.#key === undefined) return true
    const context = (request as unknown as Record<symbol, RouteContext | undefined>)[this.#key]
    return context?.preSerialization !== null
  }
}
