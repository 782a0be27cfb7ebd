import type { FastifyRequest } from 'fastify'
import { entriesOfFacts, type RequestTimelineEntry } from './timeline.js'

/** What is known of a request so far, in order of time. */
export function timelineOf(request: FastifyRequest): RequestTimelineEntry[] {
  return entriesOfFacts(request.server.scs.requestFacts.of(request))
}
