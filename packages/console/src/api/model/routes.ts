import { type Static, Type } from '@sinclair/typebox'
import { count, text, time } from './fields.js'
import { spanFields } from './span.js'

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

/** Which routes, as the query of their URL. */
export const RouteQuery = Type.Object(
  {
    ...spanFields,
    /** `GET /orders/:id`: only this one. */
    route: Type.Optional(Type.String()),
    order: Type.Optional(
      Type.Union([
        Type.Literal('calls'),
        Type.Literal('p95'),
        Type.Literal('failed'),
        Type.Literal('slow'),
      ]),
    ),
    /** Width of the spans of `over`, in milliseconds. */
    bucketMs: Type.Optional(Type.Integer({ minimum: 60_000 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  { additionalProperties: false },
)
export type RouteQuery = Static<typeof RouteQuery>
