import type { FastifyRequest } from 'fastify'

/*
 * What the console uses of Fastify beyond its documented API.
 */

/**
 * Makes a request one for an unknown path from its arrival on. Fastify's parser of bodies asks for `is404`: it lets a body of an
 * unknown type pass on the way to a 404, and refuses it with 415 on the way to a route.
 *
 * Without it a stranger who sends such a body is answered 415, and learns that there is a route.
 */
export function countAsUnknown(request: FastifyRequest): void {
  Object.defineProperty(request, 'is404', { value: true })
}
