import type { JsonValue } from '@fastify-scs/core'
import type { QueriesFact } from '@fastify-scs/core/kit'
import type { QueryFigures, SlowCallReport } from '@fastify-scs/slow-call'
import type { Fault } from './faults.js'
import type { RequestFacts } from './request-facts.js'
import { ROUTES } from './routes.js'
import type { SeededRandom } from './seeded-random.js'

/** Until a call counts as stuck, in milliseconds. */
const STUCK_MS = 30_000

/** What is known of a slow call. */
export interface SlowFigures {
  readonly request: RequestFacts
  readonly durationMs: number
  /** Its outbound calls, as its report describes them. */
  readonly calls: readonly JsonValue[]
  /** Undefined when it ran none. */
  readonly queries: QueriesFact | undefined
}

/** What the report of a slow or stuck call says. */
export function slowTitle({ kind, routeName }: Fault, route: string): string {
  return kind === 'stuck'
    ? `${route} has not ended after ${STUCK_MS} millisec!`
    : `${route} calltime exceeded ${ROUTES[routeName].limitMs} millisec!`
}

/** A slow or stuck call, as slow-call describes it. */
export function slowCallData(
  random: SeededRandom,
  fault: Fault,
  { request, durationMs, calls, queries }: SlowFigures,
): SlowCallReport {
  const isStuck = fault.kind === 'stuck'
  const parsingMs = random.latencyMs(0.3)
  const hooksMs = random.latencyMs(2.2)
  const serializationMs = isStuck ? null : random.latencyMs(durationMs * 0.02)
  const outsideMs = calls.reduce<number>(
    (sum, call) => sum + Number((call as { readonly durationMs?: number }).durationMs ?? 0),
    0,
  )
  return {
    kind: isStuck ? 'stuck' : 'slow',
    title: slowTitle(fault, request.route),
    requestId: request.id,
    method: request.method,
    route: request.pattern,
    url: request.path,
    status: isStuck ? null : 200,
    isAborted: false,
    time: {
      start: new Date(request.at).toISOString(),
      end: new Date(request.at + durationMs).toISOString(),
      microsecs: Math.round(durationMs * 1000),
    },
    limitMs: isStuck ? STUCK_MS : ROUTES[fault.routeName].limitMs,
    durationMs,
    phases: {
      uploadMs: request.method === 'POST' ? random.latencyMs(6) : 0,
      parsingMs,
      hooksMs,
      handlerMs: durationMs - parsingMs - hooksMs - (serializationMs ?? 0),
      serializationMs,
      sendingMs: isStuck ? null : random.latencyMs(3),
    },
    phase: isStuck ? 'handler' : null,
    eventLoop: { maxDelayMs: random.latencyMs(9), meanDelayMs: 1.2, utilization: 0.31 },
    gc: { count: 2, totalMs: 3.1, longestMs: 2.2, observedMs: durationMs },
    outbound:
      calls.length === 0
        ? null
        : { calls: [...calls], totalMs: outsideMs, share: Math.min(1, outsideMs / durationMs) },
    queries: queries === undefined ? null : queryFigures(queries, durationMs),
    inFlightAtStart: random.whole(0, 12),
    occurrence: 1,
    suppressed: 0,
  }
}

/** The queries of a slow call, as slow-call sums them up. */
function queryFigures(
  { count, durationMs: totalMs, statements }: QueriesFact,
  durationMs: number,
): QueryFigures {
  const repeated = statements.filter(({ isRepeated }) => isRepeated)
  return {
    count,
    totalMs,
    share: Math.min(1, totalMs / durationMs),
    repeated: repeated.map(
      ({ text, times, durationMs: tookMs }) => `${times} times ${text}, ${Math.round(tookMs)} ms`,
    ),
  }
}
