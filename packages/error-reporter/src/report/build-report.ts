import type { JsonValue, Redactor, RequestFacts } from '@fastify-scs/core'
import {
  type ActiveSpan,
  createRecordId,
  DEFAULT_WORK_UNITS,
  type ReportKind,
  traceIdOf,
  WorkBudget,
} from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'
import type { Verdict } from '../groups/verdict.js'
import { capped, givenTraceLines, MAX_FACT_BYTES, MAX_FACT_NODES, traceLines } from './caps.js'
import type { CrashReport, GroupReport, ResponseReport, ServerReport } from './crash-report.js'
import { describeCaught } from './describe-caught.js'
import { describeCall, describeRequest, describeUser } from './describe-request.js'
import type { ReportUser } from './report-user.js'

const HALF_UNITS = DEFAULT_WORK_UNITS / 2

/** One error that is to be reported. */
export interface Occurrence {
  readonly kind: ReportKind
  readonly title: string
  readonly errorId: string
  /** What was thrown or caught; undefined for neither. */
  readonly caught: unknown
  readonly data: unknown
  /** The stack of the call of `reportError`. */
  readonly callStack: string | undefined
  /** Frames that were given for what has no error. */
  readonly trace?: readonly string[] | undefined
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
  /** Calls the option `reportUser`. */
  readonly findReportUser: (request: FastifyRequest) => ReportUser
  readonly describeServer: () => ServerReport
}

/**
 * Builds a report: everything in it is a redacted, bounded copy. The fields are in the order of their names, here and in
 * the parts, so that the message for people needs no sorted copy.
 */
export function buildReport(occurrence: Occurrence, sources: ReportSources): CrashReport {
  const { callStack, data, request, span, verdict } = occurrence
  const { redactor } = sources
  const described = describeCaught(occurrence.caught, redactor)
  const given = givenTraceLines(occurrence.trace ?? [], (text) => redactor.text(text))
  // Half of the work for what the client sent, half for what the application adds.
  const budget = new WorkBudget(HALF_UNITS)
  const fields = request === undefined ? NO_REQUEST : requestFields(request, sources, budget)
  return {
    call_id: fields.call_id,
    call_path: fields.call_path,
    causes: described.causes,
    code: [],
    data: data === undefined ? null : dataOf(data, sources),
    error_caught: described.caught,
    error_id: occurrence.errorId,
    facts: fields.facts,
    fingerprint: verdict.group.fingerprint,
    group: describeGroup(verdict),
    id: createRecordId(),
    is_fatal_error: occurrence.kind === 'fatal',
    kind: occurrence.kind,
    request: fields.request,
    response: occurrence.response,
    server: sources.describeServer(),
    span_id: span?.spanId ?? null,
    stack: callStack === undefined ? [] : traceLines(redactor.text(callStack)),
    time: timeOf(occurrence.elapsedMs),
    title: occurrence.title,
    trace: described.trace.length === 0 ? given : described.trace,
    trace_id: span?.traceId ?? traceIdOf(request?.headers.traceparent),
    user: fields.user,
  }
}

function dataOf(data: unknown, { redactor, maxBodyBytes }: ReportSources): JsonValue {
  return capped(redactor.value(data, new WorkBudget(HALF_UNITS)), maxBodyBytes)
}

type RequestFields = Pick<CrashReport, 'request' | 'user' | 'call_id' | 'call_path' | 'facts'>

const NO_REQUEST: RequestFields = {
  call_id: null,
  call_path: null,
  facts: {},
  request: null,
  user: null,
}

function requestFields(
  request: FastifyRequest,
  sources: ReportSources,
  budget: WorkBudget,
): RequestFields {
  const { redactor, apiName, maxBodyBytes, findUser, findReportUser } = sources
  const call = describeCall(request, redactor, apiName)
  const facts: Record<string, JsonValue> = {}
  for (const [name, fact] of Object.entries(sources.facts.of(request))) {
    facts[name] = capped(fact, MAX_FACT_BYTES, MAX_FACT_NODES)
  }
  return {
    call_id: call.call_id,
    call_path: call.call_path,
    facts,
    request: describeRequest(request, redactor, maxBodyBytes, budget),
    user: describeUser(request, redactor, findUser(request), findReportUser(request)),
  }
}

function timeOf(elapsedMs: number): CrashReport['time'] {
  const endMs = Date.now()
  return {
    end: new Date(endMs).toISOString(),
    microsecs: Math.round(elapsedMs * 1000),
    start: new Date(endMs - elapsedMs).toISOString(),
  }
}

/** The group as a report shows it. */
export function describeGroup({ group, heldBack }: Verdict): GroupReport {
  return {
    first_seen: new Date(group.firstSeenMs).toISOString(),
    held_back: heldBack,
    is_regression: group.isRegression,
    last_seen: new Date(group.lastSeenMs).toISOString(),
    occurrences: group.occurrences,
    status: group.status,
    suppressed: group.suppressed,
  }
}
