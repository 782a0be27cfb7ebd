import { performance } from 'node:perf_hooks'
import type { FastifyRequest } from 'fastify'
import { lifeOf } from '../lifecycle/request-life.js'
import type { Redactor } from '../redact/redactor.js'
import type { RequestFacts } from '../request/request-facts.js'
import { entriesOfFacts } from './entries-of-facts.js'
import type { RequestTimelineEntry } from './timeline-entry.js'

/** What a time line is made of. */
export interface TimelineSources {
  readonly facts: RequestFacts
  readonly redactor: Redactor
  /** Gets what went wrong. */
  readonly onFailure: (error: unknown) => void
}

/** What is known of a request so far, in order of time. Never throws. */
export function timelineOf(
  request: FastifyRequest,
  { facts, redactor, onFailure }: TimelineSources,
): RequestTimelineEntry[] {
  try {
    const entries = entriesOfFacts(facts.of(request))
    const arrivedAt = arrivalOf(request, entries[0]?.at)
    if (arrivedAt === undefined) return entries
    const title = `${request.method} ${redactor.url(request.url)}`
    const known = { durationMs: null, isFailed: false, times: null }
    return [{ at: arrivedAt, what: 'arrival', title, ...known }, ...entries]
  } catch (error) {
    onFailure(error)
    return []
  }
}

/**
 * When a request arrived, in milliseconds since 1970. The monotonic clock, which says how long ago that was, has fractions and the
 * clock of the facts may have none: the arrival is never after the first of what has happened.
 */
function arrivalOf(request: FastifyRequest, firstAt: number | undefined): number | undefined {
  const life = lifeOf(request)
  if (life === undefined) return undefined
  const at = Date.now() - (performance.now() - life.arrivedAt)
  return Math.min(at, firstAt ?? at)
}
