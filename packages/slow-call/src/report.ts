import type { Scs } from '@fastify-scs/core'
import {
  type Call,
  currentPhase,
  durationMs,
  type PhaseName,
  type Phases,
  phasesOf,
} from './call.js'
import {
  type OutboundFigures,
  outboundFigures,
  type QueryFigures,
  queryFigures,
} from './fact-figures.js'
import type { Occurrence } from './occurrences.js'
import type { EventLoopFigures, EventLoopSampler, GcFigures, GcPauses } from './process-figures.js'
import type { WatchedRoute } from './watched-route.js'

/** `slow` exceeded its limit; `stuck` has not been answered; `stuck-ended` is the same call, at its end. */
export type SlowCallKind = 'slow' | 'stuck' | 'stuck-ended'

/** A slow or stuck call, and why. */
export interface SlowCallReport {
  readonly kind: SlowCallKind
  /** `GET /report calltime exceeded 1000 millisec!`, as PyMacaron's. */
  readonly title: string
  readonly requestId: string
  readonly method: string
  /** The route pattern. */
  readonly route: string
  /** The URL that was called, redacted. */
  readonly url: string
  /** Null while there is no answer, and when the client left before it. */
  readonly status: number | null
  /** Whether the client left, before the answer or within it. */
  readonly isAborted: boolean
  /** When, as in PyMacaron's reports: ISO 8601, from the arrival to the first byte (or until now). */
  readonly time: { readonly start: string; readonly end: string; readonly microsecs: number }
  /** The limit that was exceeded, in milliseconds. */
  readonly limitMs: number
  /** What is compared with the limit: arrival to first byte without the wait for the client's body. */
  readonly durationMs: number
  readonly phases: Phases
  /** The phase that an unanswered call was in; null for an answered one. */
  readonly phase: PhaseName | null
  readonly eventLoop: EventLoopFigures
  /** Null when garbage collection was not being observed. */
  readonly gc: GcFigures | null
  /** Null when no plugin records outbound calls. */
  readonly outbound: OutboundFigures | null
  /** Null when no plugin notes queries, or there were none. */
  readonly queries: QueryFigures | null
  /** Unanswered calls of the app when this one arrived. */
  readonly inFlightAtStart: number
  /** Its number among the slow (or stuck) calls of its route, since the last quiet hour. */
  readonly occurrence: number
  /** Slow (or stuck) calls of the route that were counted but not reported since the last report. */
  readonly suppressed: number
}

/** What a report is made of besides the call. */
export interface ReportSources {
  readonly scs: Scs
  readonly eventLoop: EventLoopSampler
  readonly gc: GcPauses
}

/** What has been found about a call. */
export interface Finding {
  readonly kind: SlowCallKind
  readonly route: WatchedRoute
  readonly limitMs: number
  readonly occurrence: Occurrence
}

/** Makes the report of a call as it stands at a moment of the monotonic clock. */
export function makeReport(
  call: Call,
  { kind, route, limitMs, occurrence }: Finding,
  at: number,
  { scs, eventLoop, gc }: ReportSources,
): SlowCallReport {
  const { firstByteAt } = call
  const { request, reply, arrivedAt } = call.life
  const facts = scs.requestFacts.of(request)
  const duration = durationMs(call, at)
  const nowDate = Date.now()
  return {
    kind,
    title: titleOf(kind, endpointOf(call, route), limitMs, duration),
    requestId: request.id,
    method: request.method,
    route: route.url,
    url: scs.redactor.url(request.url),
    status: firstByteAt === 0 ? null : reply.raw.statusCode,
    isAborted: call.isAborted,
    time: {
      start: new Date(nowDate - (at - arrivedAt)).toISOString(),
      end: new Date(nowDate).toISOString(),
      microsecs: Math.round((at - arrivedAt) * 1000),
    },
    limitMs,
    durationMs: duration,
    phases: phasesOf(call, at),
    phase: firstByteAt === 0 ? currentPhase(call) : null,
    eventLoop: eventLoop.since(arrivedAt, at),
    gc: gc.since(arrivedAt, at),
    outbound: outboundFigures(facts.outbound_calls, duration),
    queries: queryFigures(facts.queries, duration),
    inFlightAtStart: call.inFlightAtStart,
    occurrence: occurrence.number,
    suppressed: occurrence.suppressed,
  }
}

/** An endpoint's name in titles and logs: method and route pattern. */
export function endpointOf(call: Call, route: WatchedRoute): string {
  return `${call.life.request.method} ${route.url}`
}

function titleOf(kind: SlowCallKind, endpoint: string, limitMs: number, duration: number): string {
  if (kind === 'stuck') return `${endpoint} has not ended after ${limitMs} millisec!`
  if (kind === 'stuck-ended')
    return `${endpoint} ended at last, after ${Math.round(duration)} millisec`
  return `${endpoint} calltime exceeded ${limitMs} millisec!`
}

/** What a log line says of a call: its title, how long it took, and what its queries took of it. */
export function messageOf({ title, queries, kind, durationMs }: SlowCallReport): string {
  // The titles of the others have their time.
  const timed = kind === 'slow' ? `${title} It took ${Math.round(durationMs)} ms.` : title
  if (queries === null) return timed
  const { count, totalMs, share, repeated } = queries
  const counted = count === 1 ? '1 query' : `${count} queries`
  const list = repeated.length === 0 ? '' : `: ${repeated.join('; ')}`
  return `${timed} ${counted} took ${Math.round(totalMs)} ms of it (${Math.round(share * 100)} %)${list}`
}
