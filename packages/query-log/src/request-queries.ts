import { currentRequest } from '@fastify-scs/core'
import { isOwnCall } from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'
import { APP_QUERIES, type AppQueries } from './noting/app-queries.js'
import { RequestNotes } from './noting/request-notes.js'
import type { ObservedQuery, QueryStart } from './observed-query.js'

/** Where the queries of a request are found; null on a request of an app that keeps them, absent on any other. */
export const QUERIES: unique symbol = Symbol('@fastify-scs/query-log/queries')

interface NotedRequest {
  [QUERIES]?: RequestNotes | null
  readonly [APP_QUERIES]?: AppQueries
}

/**
 * Begins a query of the request that the running code belongs to; undefined outside of a request, in one of an app without this plugin,
 * and for what plugins of this family ask for themselves. Never throws. Every observer begins its queries here.
 *
 * @param request the current request, of an observer that has asked for it already: Node 20 takes its time for each answer
 */
export function beginQuery(
  start: QueryStart,
  request: FastifyRequest | undefined = currentRequest(),
): ObservedQuery | undefined {
  return request === undefined || isOwnCall() ? undefined : beginQueryOf(request, start)
}

/** The same, if it is a request of this app: what a driver tells the whole process reaches each of its apps, and is noted by one. */
export function beginQueryIn(app: AppQueries, start: QueryStart): ObservedQuery | undefined {
  const request = currentRequest()
  if (request === undefined || appOf(request) !== app || isOwnCall()) return undefined
  return beginQueryOf(request, start)
}

/** The same, for an observer that knows the request: the code that runs may be that of another one. */
export function beginQueryOf(
  request: FastifyRequest,
  start: QueryStart,
): ObservedQuery | undefined {
  try {
    return notesFor(request)?.begin(start)
  } catch (error) {
    observerFailed(error, request)
    return undefined
  }
}

/** Counts a failure of an observer for the app of the request that the running code belongs to. Never throws. */
export function observerFailed(
  error: unknown,
  request: FastifyRequest | undefined = currentRequest(),
): void {
  try {
    appOf(request)?.failed(error)
  } catch {
    // A request that throws when it is read belongs to no app that could be told.
  }
}

/** The queries of a request so far; undefined when it has none. */
export function notesOf(request: FastifyRequest): RequestNotes | undefined {
  return (request as unknown as NotedRequest)[QUERIES] ?? undefined
}

function notesFor(request: FastifyRequest): RequestNotes | undefined {
  const state = request as unknown as NotedRequest
  const notes = state[QUERIES]
  if (notes !== null) return notes
  const app = appOf(request)
  if (app === undefined) return undefined
  state[QUERIES] = new RequestNotes(app)
  return state[QUERIES]
}

function appOf(request: FastifyRequest | undefined): AppQueries | undefined {
  return (request as unknown as NotedRequest | undefined)?.[APP_QUERIES]
}
