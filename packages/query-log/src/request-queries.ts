import { currentRequest } from '@fastify-scs/core'
import { isOwnCall } from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'
import type { ObservedQuery, QueryStart } from './observed-query.js'

/** Where the queries of a request are found; null on a request of an app that keeps them, absent on any other. */
export const QUERIES: unique symbol = Symbol('@fastify-scs/query-log/queries')

/** The queries of one request. */
export interface QueryNotes {
  begin(start: QueryStart): ObservedQuery
}

/**
 * Begins a query of the request that the running code belongs to; undefined outside of a request, in one of an app without this plugin,
 * and for what plugins of this family ask for themselves. Never throws. Every observer begins its queries here.
 */
export function beginQuery(start: QueryStart): ObservedQuery | undefined {
  const request = currentRequest()
  return request === undefined || isOwnCall() ? undefined : beginQueryOf(request, start)
}

/** The same, for an observer that knows the request: the code that runs may be that of another one. */
export function beginQueryOf(
  _request: FastifyRequest,
  _start: QueryStart,
): ObservedQuery | undefined {
  return undefined
}
