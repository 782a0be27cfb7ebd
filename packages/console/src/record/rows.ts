import { type FoundRecord, fieldAt, textAt } from '@fastify-scs/core/kit'
import type { AuditRow, CallRow, ListedKind, RecordRow, ReportRow } from '../api/model.js'

/** What a list shows of a record. */
export function rowOf(found: FoundRecord): RecordRow {
  switch (found.kind) {
    case 'reports':
      return reportRow(found)
    case 'integration_requests':
      return callRow(found)
    default:
      return auditRow(found)
  }
}

/** The kind of a record that has a list; undefined for another one. */
export function listedKind(kind: string): ListedKind | undefined {
  return LISTED_KINDS.find((listed) => listed === kind)
}

/** The kinds of records that have a list. */
export const LISTED_KINDS: readonly ListedKind[] = [
  'reports',
  'integration_requests',
  'audit_events',
]

function reportRow(found: FoundRecord): ReportRow {
  const { keys, data } = found
  return {
    kind: 'reports',
    ...baseOf(found),
    traceId: keys.traceId ?? textAt(data, 'trace_id'),
    title: textAt(data, 'title') ?? keys.summary ?? '',
    status: keys.status ?? '',
    statusCode: keys.statusCode ?? null,
    fingerprint: keys.fingerprint ?? null,
    route: keys.route ?? null,
    release: keys.release ?? null,
    durationMs: keys.durationMs ?? null,
  }
}

/** What a list shows of an integration request. */
export function callRow(found: FoundRecord): CallRow {
  const { keys, data } = found
  const { referenceType: type = null, referenceId: id = null } = keys
  const isOut = data.isRemoteRequest
  return {
    kind: 'integration_requests',
    ...baseOf(found),
    traceId: keys.traceId ?? textAt(data, 'traceId'),
    status: keys.status ?? '',
    statusCode: keys.statusCode ?? null,
    method: textAt(data, 'method'),
    url: textAt(data, 'url'),
    direction: typeof isOut === 'boolean' ? (isOut ? 'out' : 'in') : null,
    description: textAt(data, 'description'),
    key: keys.key ?? null,
    durationMs: keys.durationMs ?? null,
    reference: type === null && id === null ? null : { type, id },
  }
}

function auditRow(found: FoundRecord): AuditRow {
  const { keys, data } = found
  const event = fieldAt(data, 'event')
  return {
    kind: 'audit_events',
    ...baseOf(found),
    type: keys.fingerprint ?? textAt(event, 'type') ?? '',
    level: keys.level ?? '',
    message: textAt(data, 'message') ?? keys.summary ?? '',
    path: textAt(fieldAt(event, 'details'), 'path'),
  }
}

function baseOf({ id, createdAt, keys }: FoundRecord) {
  return {
    id,
    createdAt,
    requestId: keys.requestId ?? null,
    traceId: keys.traceId ?? null,
    user: keys.user ?? null,
    service: keys.service ?? null,
  }
}
