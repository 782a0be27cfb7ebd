import {
  describeThrown,
  type JsonValue,
  type Redactor,
  type ThrownDescription,
} from '@fastify-scs/core'
import { isErrorObject } from '@fastify-scs/core/kit'
import { isResponse } from '../groups/error-traits.js'
import {
  capped,
  cappedText,
  MAX_PART_BYTES,
  MAX_TEXT_BYTES,
  MAX_TRACE_BYTES,
  traceLines,
} from './caps.js'
import type { CauseReport, PartReport } from './crash-report.js'

/** What a report shows of whatever was thrown or caught. */
export interface CaughtReport {
  readonly caught: JsonValue
  readonly trace: string[]
  readonly causes: CauseReport[]
}

const NOTHING: CaughtReport = { caught: null, trace: [], causes: [] }

/** Describes an Error, an Error-model object, a fetch Response or anything else; redacted, cut, never raw. */
export function describeCaught(caught: unknown, redactor: Redactor): CaughtReport {
  if (caught === undefined) return NOTHING
  if (isResponse(caught)) return { ...NOTHING, caught: describeResponse(caught, redactor) }
  if (!isErrorObject(caught)) {
    return { ...NOTHING, caught: capped(redactor.value(caught), MAX_PART_BYTES) }
  }
  const description = describeThrown(caught, redactor)
  const { trace, ...own } = causeReport(description, MAX_TRACE_BYTES)
  return { caught: own, trace, causes: chainOf(description, MAX_TRACE_BYTES) }
}

/** The causes of an error, outermost first. */
function chainOf({ cause }: ThrownDescription, maxTraceBytes: number): CauseReport[] {
  const causes: CauseReport[] = []
  for (let next = cause; next !== undefined; next = next.cause) {
    causes.push(causeReport(next, maxTraceBytes))
  }
  return causes
}

function causeReport(description: ThrownDescription, maxTraceBytes: number): CauseReport {
  const { name, message, code, stack, errors = [], leftOut = 0 } = description
  return {
    code: code === undefined ? null : cappedText(code),
    ...(errors.length === 0 ? {} : { errors: errors.map(partReport) }),
    ...(leftOut === 0 ? {} : { errors_left_out: leftOut }),
    message: cappedText(message),
    name: cappedText(name),
    trace: stack === undefined ? [] : traceLines(stack, maxTraceBytes),
  }
}

/** One of the errors of an AggregateError; there may be many, so less is kept of their traces. */
function partReport(description: ThrownDescription): PartReport {
  const causes = chainOf(description, MAX_TEXT_BYTES)
  return {
    ...(causes.length === 0 ? {} : { causes }),
    ...causeReport(description, MAX_TEXT_BYTES),
  }
}

// The body is not read: it belongs to the application, and reading it would take time.
function describeResponse(response: Response, redactor: Redactor): JsonValue {
  const { status, statusText, url, headers } = response
  return {
    status,
    statusText: cappedText(redactor.text(statusText)),
    url: cappedText(redactor.url(url)),
    headers: capped(redactor.headers(Object.fromEntries(headers)), MAX_PART_BYTES),
  }
}
