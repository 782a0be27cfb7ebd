import { performance } from 'node:perf_hooks'
import { lifeOf } from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'

/** The crash of a request, once its failure is known. */
export interface Crash {
  /** What the answer shows; undefined for a failure that is no crash (ignored, or the client has gone). */
  readonly errorId: string | undefined
}

/** The request's crash. */
export const CRASH: unique symbol = Symbol('@fastify-scs/error-reporter/crash')
/** What an error hook has seen. */
export const THROWN: unique symbol = Symbol('@fastify-scs/error-reporter/thrown')

/** What this package keeps on a request that fails; a request that does not fail has none of it. */
export interface RequestState {
  [CRASH]?: Crash
  [THROWN]?: unknown
}

/** The state of a request. */
export function stateOf(request: FastifyRequest): RequestState {
  return request as RequestState
}

/** Milliseconds since a request arrived; 0 for one that was answered before core saw it. */
export function elapsedMsOf(request: FastifyRequest): number {
  const life = lifeOf(request)
  return life === undefined ? 0 : performance.now() - life.arrivedAt
}
