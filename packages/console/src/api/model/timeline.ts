import { type Static, Type } from '@sinclair/typebox'
import { count, nullable, text, time } from './fields.js'
import { ListedKind, RecordRow } from './rows.js'

/** One thing that happened within a request. */
export const TimelineEntry = Type.Object({
  /** When it began. */
  at: time(),
  durationMs: nullable(Type.Number()),
  what: Type.Union([
    Type.Literal('arrival'),
    Type.Literal('phase'),
    Type.Literal('audit'),
    Type.Literal('call'),
    Type.Literal('query'),
    Type.Literal('log'),
    Type.Literal('slow'),
    Type.Literal('stuck'),
    Type.Literal('blocked'),
    Type.Literal('crash'),
    Type.Literal('report'),
    Type.Literal('answer'),
  ]),
  title: text(),
  /** Whether it went wrong. */
  isFailed: Type.Boolean(),
  /**
   * Of a query whose statement was run again and again in the request: how many times. Each run is an entry: the page folds those that
   * follow each other.
   */
  times: nullable(count()),
  /** The record behind it. */
  record: nullable(Type.Object({ kind: ListedKind, id: text() })),
})
export type TimelineEntry = Static<typeof TimelineEntry>

/** All of one request, or of one trace: `GET /api/requests/:requestId?at`, the newest one without `at`, `GET /api/traces/:traceId`. */
export const Timeline = Type.Object({
  /** In order of time: all that records tell, and 2,000 entries at most of what reports know beside that (queries, log lines). */
  entries: Type.Array(TimelineEntry),
  /** Its records, oldest first; 200 of each kind at most. */
  records: Type.Array(RecordRow),
  /** Whether there is more of either. */
  isCut: Type.Boolean(),
  /** When the request that is shown began; null for a trace, and where nothing was found. */
  at: nullable(time()),
  /** Other requests with the same id, of other processes as a rule, the newest first; 20 at most. `?at=` leads to each. */
  others: Type.Array(Type.Object({ at: time(), records: count() })),
  /** Whether nothing but the time says that all of it is of one request: Fastify's own ids begin anew with each process. */
  isUncertain: Type.Boolean(),
  requestIds: Type.Array(text()),
  traceIds: Type.Array(text()),
})
export type Timeline = Static<typeof Timeline>
