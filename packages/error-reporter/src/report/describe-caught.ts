import {
  describeThrown,
  type JsonValue,
  type Redactor,
  type ThrownDescription,
} from '@fastify-scs/core'
import { isInstanceOf, isResponse } from '../error-traits.js'
import { capped, cappedText, MAX_PART_BYTES, traceLines } from './caps.js'
import type { CauseReport } from './crash-report.js'

/** What a report tells of whatever was thrown or caught. */
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
  if (!isInstanceOf(caught, Error)) {
    return { ...NOTHING, caught: capped(redactor.value(caught), MAX_PART_BYTES) }
  }
  const { cause, ...own } = describeThrown(caught, redactor)
  const { code, message, name, trace } = causeReport(own)
  return { caught: { code, message, name }, trace, causes: chainOf(cause) }
}

function chainOf(description: ThrownDescription | undefined): CauseReport[] {
  const causes: CauseReport[] = []
  for (let next = description; next !== undefined; next = next.cause) causes.push(causeReport(next))
  return causes
}

function causeReport({ name, message, code, stack }: ThrownDescription): CauseReport {
  return {
    code: code === undefined ? null : cappedText(code),
    message: cappedText(message),
    name: cappedText(name),
    trace: stack === undefined ? [] : traceLines(stack),
  }
}

// The body stays unread: it belongs to the application, and reading it would take time.
function describeResponse(response: Response, redactor: Redactor): JsonValue {
  const { status, statusText, url, headers } = response
  return {
    status,
    statusText: cappedText(redactor.text(statusText)),
    url: cappedText(redactor.url(url)),
    headers: capped(redactor.headers(Object.fromEntries(headers)), MAX_PART_BYTES),
  }
}
