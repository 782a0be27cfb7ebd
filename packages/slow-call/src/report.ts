import type { JsonValue, Scs } from '@fastify-scs/core'
import {
  type Call,
  currentPhase,
  durationMs,
  type PhaseName,
  type Phases,
  phasesOf,
} from './call.js'
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
    outbound: outboundFigures(scs.requestFacts.of(request).outbound_calls, duration),
    queries: null,
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

/** The queries of a call. */
export interface QueryFigures {
  readonly count: number
  /** Milliseconds during which at least one was running. */
  readonly totalMs: number
  /** Share of the call's duration, 0 to 1. */
  readonly share: number
  /** The statements that were run again and again: `12 times SELECT ... WHERE order_id = ?, 84 ms`. */
  readonly repeated: readonly string[]
}

/** The outbound calls made within a call. */
export interface OutboundFigures {
  /** As the plugin that records them describes them. */
  readonly calls: JsonValue[]
  /** Milliseconds during which at least one was running; the sum of their durations where their start times are not known. */
  readonly totalMs: number
  /** Share of the call's duration, 0 to 1. */
  readonly share: number
}

type Span = readonly [startMs: number, endMs: number]

/**
 * Reads the request fact `outbound_calls`: a list of objects with `durationMs` and, so that concurrent calls are not counted
 * twice, `createdAt` (ISO 8601). Null when no plugin gives it.
 */
export function outboundFigures(
  fact: JsonValue | undefined,
  durationMs: number,
): OutboundFigures | null {
  if (!Array.isArray(fact)) return null
  const durations = fact.map((call) => numberAt(call, 'durationMs'))
  const spans = fact.map((call, index): Span => {
    const start = Date.parse(String(fieldAt(call, 'createdAt')))
    return [start, start + (durations[index] ?? 0)]
  })
  const isPlaced = spans.every(([start]) => !Number.isNaN(start))
  const totalMs = isPlaced ? unionMs(spans) : durations.reduce((sum, each) => sum + each, 0)
  const share = durationMs > 0 ? Math.min(1, totalMs / durationMs) : 0
  return { calls: fact, totalMs, share }
}

function unionMs(spans: readonly Span[]): number {
  let total = 0
  let coveredTo = Number.NEGATIVE_INFINITY
  for (const [start, end] of [...spans].sort(([a], [b]) => a - b)) {
    if (end <= coveredTo) continue
    total += end - Math.max(start, coveredTo)
    coveredTo = end
  }
  return total
}

function fieldAt(value: JsonValue, key: string): JsonValue | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? value[key]
    : undefined
}

function numberAt(value: JsonValue, key: string): number {
  const field = fieldAt(value, key)
  return typeof field === 'number' && Number.isFinite(field) ? field : 0
}
