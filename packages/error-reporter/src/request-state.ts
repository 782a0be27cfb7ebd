import { performance } from 'node:perf_hooks'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** The crash of a request, once its failure is known. */
export interface Crash {
  /** What the answer shows; undefined for a failure that is no crash (ignored, or the client has gone). */
  readonly errorId: string | undefined
}

/** The request's crash, or null. */
export const CRASH: unique symbol = Symbol('@fastify-scs/error-reporter/crash')
/** What an error hook has seen, or null. */
export const THROWN: unique symbol = Symbol('@fastify-scs/error-reporter/thrown')

/** When the request came, by the monotonic clock; 0 for one that was answered before this package saw it. */
export const STARTED_AT: unique symbol = Symbol('@fastify-scs/error-reporter/started-at')

/** What this package keeps on a request. Properties and no WeakMap: they cost nothing until an error comes. */
export interface RequestState {
  [CRASH]: Crash | null
  [THROWN]: unknown
  [STARTED_AT]: number
}

/** Gives every request its state. */
export function decorateRequests(app: FastifyInstance): void {
  for (const key of [CRASH, THROWN]) app.decorateRequest(key, null)
  app.decorateRequest(STARTED_AT, 0)
}

/** Milliseconds since a request came. */
export function elapsedMsOf(request: FastifyRequest): number {
  const startedAt = stateOf(request)[STARTED_AT]
  return startedAt === 0 ? 0 : performance.now() - startedAt
}

/** The state of a request. */
export function stateOf(request: FastifyRequest): RequestState {
  return request as unknown as RequestState
}
