import { type Static, Type } from '@sinclair/typebox'
import { count, text, time } from './fields.js'

const figures = {
  calls: count(),
  failed: count(),
  slow: count(),
  stuck: count(),
  aborted: count(),
  meanMs: Type.Number(),
  minMs: Type.Number(),
  maxMs: Type.Number(),
  p50Ms: Type.Number(),
  p95Ms: Type.Number(),
  p99Ms: Type.Number(),
  /** Cumulative, as Prometheus counts. */
  buckets: Type.Array(Type.Object({ leMs: Type.Number(), count: count() })),
}

/** One route: `GET /api/routes?from&to&order&limit` answers a list; `&route=GET /orders/:id&bucketMs` one with `over`. */
export const RouteRow = Type.Object({
  route: text(),
  ...figures,
  over: Type.Array(Type.Object({ at: time(), ...figures })),
})
export type RouteRow = Static<typeof RouteRow>
