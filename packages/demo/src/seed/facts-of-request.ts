import type { JsonValue } from '@fastify-scs/core'
import type { StoreRecord } from '@fastify-scs/core/kit'
import type { ReportFacts } from './report-facts.js'

/** What plugins know of the request of a report. */
export function factsOf(
  { fault, request, endAt, records, queries }: ReportFacts,
  calls: readonly JsonValue[],
): Record<string, JsonValue> {
  const audit = records.filter((record) => record.kind === 'audit_events')
  const { logLines = [] } = fault
  const stepMs = (endAt - request.at) / (logLines.length + 1)
  return {
    ...(calls.length === 0 ? {} : { outbound_calls: [...calls] }),
    ...(audit.length === 0 ? {} : { audit_events: audit.map(auditFact) }),
    ...(queries === undefined ? {} : { queries }),
    ...(logLines.length === 0
      ? {}
      : {
          log_lines: logLines.map(([level, message], index) => ({
            at: Math.floor(request.at + stepMs * (index + 1)),
            level,
            message,
          })),
        }),
  }
}

function auditFact({ data }: StoreRecord): JsonValue {
  const { level = null, date = null, message = null, event } = data
  return { level, date, message, ...(event as { readonly [field: string]: JsonValue }) }
}

/** The outbound calls of a request, as integration-log describes them. */
export function callFacts(records: readonly StoreRecord[]): readonly JsonValue[] {
  const calls = records.filter((record) => record.data.isRemoteRequest === true)
  return calls.map(({ data }) => {
    const { id, service, method, url, status, statusCode, durationMs, createdAt } = data
    return { id, service, method, url, status, statusCode, durationMs, createdAt } as JsonValue
  })
}
