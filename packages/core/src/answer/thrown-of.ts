import type { ServerResponse } from 'node:http'

// Symbol.for, so that it is found by another installed copy of this package.
const THROWN = Symbol.for('@fastify-scs/core/thrown')

/** Notes with a response of 500 or above what was thrown: whoever tests the service has the response, and wants to see the error. */
export function noteThrown(response: ServerResponse, thrown: unknown): void {
  Object.defineProperty(response, THROWN, { value: thrown, configurable: true })
}

/** What was thrown within the request of a response of 500 or above; undefined for any other. Anything may be asked about. */
export function thrownOf(response: unknown): unknown {
  return (response as { [THROWN]?: unknown } | null | undefined)?.[THROWN]
}
