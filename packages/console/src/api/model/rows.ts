import { type Static, Type } from '@sinclair/typebox'
import { count, nullable, text, time } from './fields.js'

const base = {
  id: text(),
  createdAt: time(),
  requestId: nullable(text()),
  traceId: nullable(text()),
  user: nullable(text()),
  service: nullable(text()),
}

/** A report in a list. */
export const ReportRow = Type.Object({
  kind: Type.Literal('reports'),
  ...base,
  title: text(),
  /** `fatal`, `non-fatal`, `slow`, `stuck` or `blocked`. */
  status: text(),
  statusCode: nullable(count()),
  fingerprint: nullable(text()),
  route: nullable(text()),
  release: nullable(text()),
  durationMs: nullable(Type.Number()),
})
export type ReportRow = Static<typeof ReportRow>

/** An integration request in a list; without bodies and headers. */
export const CallRow = Type.Object({
  kind: Type.Literal('integration_requests'),
  ...base,
  status: text(),
  statusCode: nullable(count()),
  method: nullable(text()),
  url: nullable(text()),
  /** `out` for a call to the outside, `in` for one that came in. */
  direction: nullable(text()),
  description: nullable(text()),
  key: nullable(text()),
  durationMs: nullable(Type.Number()),
  reference: nullable(Type.Object({ type: nullable(text()), id: nullable(text()) })),
})
export type CallRow = Static<typeof CallRow>

/** An audit event in a list. */
export const AuditRow = Type.Object({
  kind: Type.Literal('audit_events'),
  ...base,
  type: text(),
  level: text(),
  message: text(),
  /** The path of the request that it was added in. */
  path: nullable(text()),
})
export type AuditRow = Static<typeof AuditRow>

export const RecordRow = Type.Union([ReportRow, CallRow, AuditRow])
export type RecordRow = Static<typeof RecordRow>

/** The kinds of records that have a list: `GET /api/records/:kind?<filter>`. */
export const ListedKind = Type.Union([
  Type.Literal('reports'),
  Type.Literal('integration_requests'),
  Type.Literal('audit_events'),
])
export type ListedKind = Static<typeof ListedKind>
