import { Type } from '@sinclair/typebox'
import { storeReaderFor } from '../query/reader.js'
import type { ConsoleRoutes } from './console-routes.js'
import { Timeline } from './model.js'
import type { ApiParts } from './parts.js'

const AtQuery = Type.Object(
  {
    /**
     * When one of its records was made, ISO 8601 or milliseconds: only records within a day of it are looked at, and of requests with the
     * same id the one that is closest is shown. Fastify's own request ids begin anew with each process.
     */
    at: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
)

/** Declares the time lines of a request and of a trace; wildcards, since their ids may be any text. */
export function timelineRoutes(routes: ConsoleRoutes, parts: ApiParts): void {
  routes.get(
    '/api/requests/*',
    { query: AtQuery, answer: Timeline },
    async ({ params, query: { at }, reply }) =>
      storeReaderFor(parts, reply).timeline(params['*'] ?? '', at),
  )
  routes.get(
    '/api/traces/*',
    { query: AtQuery, answer: Timeline },
    async ({ params, query: { at }, reply }) =>
      storeReaderFor(parts, reply).trace(params['*'] ?? '', at),
  )
}
