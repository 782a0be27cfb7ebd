import { createRecordId, type JsonValue, type Redactor, type RequestFacts } from '@fastify-scs/core'
import type { FastifyRequest } from 'fastify'
import type { ActiveSpan } from '../active-span.js'
import type { Verdict } from '../group-table.js'
import { capped, MAX_PART_BYTES, traceLines } from './caps.js'
import type { CrashReport, GroupReport, ResponseReport, ServerReport } from './crash-report.js'
import { describeCaught } from './describe-caught.js'
import { describeCall, describeRequest, describeUser } from './describe-request.js'

/** One error that is to be reported. */
export interface Occurrence {
  readonly isFatal: boolean
  readonly title: string
  readonly errorId: string
  /** What was thrown or caught; undefined for neither. */
  readonly caught: unknown
  readonly data: unknown
  /** The stack of the call of `reportError`. */
  readonly callStack: string | undefined
  readonly request: FastifyRequest | undefined
  readonly response: ResponseReport | null
  /** Milliseconds since the request began; 0 outside of one. */
  readonly elapsedMs: number
  readonly span: ActiveSpan | undefined
  readonly verdict: Verdict
}

/** What a report is built with. */
export interface ReportSources {
  readonly redactor: Redactor
  readonly facts: RequestFacts
  readonly apiName: string
  readonly maxBodyBytes: number
  readonly findUser: (request: FastifyRequest) => string | number | null
  readonly describeServer: () => ServerReport
}

/** Builds a report: everything in it is a redacted, bounded copy. */
export function buildReport(occurrence: Occurrence, sources: ReportSources): CrashReport {
  const { errorId, isFatal, title, caught, data, callStack, span, verdict, response } = occurrence
  const { redactor, maxBodyBytes } = sources
  const described = describeCaught(caught, redactor)
  return {
    id: createRecordId(),
    title,
    is_fatal_error: isFatal,
    error_id: errorId,
    fingerprint: verdict.group.fingerprint,
    trace: described.trace,
    stack: callStack === undefined ? [] : traceLines(redactor.text(callStack)),
    error_caught: described.caught,
    causes: described.causes,
    data: data === undefined ? null : capped(redactor.value(data), maxBodyBytes),
    time: timeOf(occurrence.elapsedMs),
    response,
    ...requestFields(occurrence.request, sources),
    server: sources.describeServer(),
    trace_id: span?.traceId ?? null,
    span_id: span?.spanId ?? null,
    group: groupOf(verdict),
  }
}

type RequestFields = Pick<CrashReport, 'request' | 'user' | 'call_id' | 'call_path' | 'facts'>

function requestFields(
  request: FastifyRequest | undefined,
  { redactor, apiName, maxBodyBytes, findUser, facts }: ReportSources,
): RequestFields {
  if (request === undefined) {
    return { request: null, user: null, call_id: null, call_path: null, facts: {} }
  }
  const told = Object.entries(facts.of(request)).map(([name, fact]): [string, JsonValue] => [
    name,
    capped(fact, MAX_PART_BYTES),
  ])
  return {
    request: describeRequest(request, redactor, maxBodyBytes),
    user: describeUser(request, redactor, findUser(request)),
    ...describeCall(request, redactor, apiName),
    facts: Object.fromEntries(told),
  }
}

function timeOf(elapsedMs: number): CrashReport['time'] {
  const endMs = Date.now()
  return {
    start: new Date(endMs - elapsedMs).toISOString(),
    end: new Date(endMs).toISOString(),
    microsecs: Math.round(elapsedMs * 1000),
  }
}

function groupOf({ group, heldBack }: Verdict): GroupReport {
  return {
    occurrences: group.occurrences,
    suppressed: group.suppressed,
    held_back: heldBack,
    first_seen: new Date(group.firstSeenMs).toISOString(),
    last_seen: new Date(group.lastSeenMs).toISOString(),
  }
}
