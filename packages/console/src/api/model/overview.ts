import { type Static, Type } from '@sinclair/typebox'
import { count, text, time } from './fields.js'

/** Values by time; spans without any are left out. */
export const Series = Type.Object({
  /** What is counted: `fatal`, `slow`, a service's name, a level. */
  name: text(),
  points: Type.Array(Type.Object({ at: time(), count: count() })),
})
export type Series = Static<typeof Series>

/** The charts of the overview: `GET /api/series?from&to`. */
export const OverviewSeries = Type.Object({
  from: time(),
  to: time(),
  bucketMs: Type.Integer(),
  /** Reports by status: `fatal`, `non-fatal`, `slow`, `stuck`, `blocked`. They are thinned out: 1st, 2nd, 4th ... of a group. */
  reports: Type.Array(Series),
  /** Failed outbound and inbound calls by service, the ten with the most. */
  failedCalls: Type.Array(Series),
  /** Audit events by level. */
  auditEvents: Type.Array(Series),
  /** When releases began within the span. */
  releases: Type.Array(Type.Object({ release: text(), at: time() })),
})
export type OverviewSeries = Static<typeof OverviewSeries>

/** One service of the integration log: `GET /api/services?from&to` answers a list, the most failures first. */
export const ServiceRow = Type.Object({
  service: text(),
  calls: count(),
  failed: count(),
  lastAt: time(),
})
export type ServiceRow = Static<typeof ServiceRow>

/** `GET /api/releases` answers a list, the newest first. */
export const ReleaseRow = Type.Object({
  release: text(),
  firstSeenAt: time(),
  lastSeenAt: time(),
  /** Groups that were seen in it first. */
  newGroups: count(),
})
export type ReleaseRow = Static<typeof ReleaseRow>
