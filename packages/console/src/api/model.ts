// What the API answers and takes: the page imports only the types of it.

import { type Static, Type } from '@sinclair/typebox'

const nullable = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()])
const text = () => Type.String()
const time = () => Type.Number({ description: 'Milliseconds since 1970' })
const count = () => Type.Integer({ minimum: 0 })

/** Who is looking, and what the page may show and do: `GET /api/session`. */
export const Session = Type.Object({
  /** What the application calls itself in its audit events. */
  source: text(),
  user: nullable(text()),
  /** Whether `authorizeChange` allows this client to change anything. */
  canChange: Type.Boolean(),
  /** To be sent back as the header `x-scs-token` with each POST; null where nothing can be changed. */
  token: nullable(text()),
  /** Whether the store was opened for reading only. */
  isReadOnly: Type.Boolean(),
  /** The release and environment that error-reporter was registered with. */
  release: nullable(text()),
  environment: nullable(text()),
  /** The server's clock. */
  now: time(),
})
export type Session = Static<typeof Session>

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
  /** Reports by status: `fatal`, `non-fatal`, `slow`, `stuck`. They are thinned out: 1st, 2nd, 4th ... of a group. */
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

/** `GET /api/releases` answers a list, the newest first. */
export const ReleaseRow = Type.Object({
  release: text(),
  firstSeenAt: time(),
  lastSeenAt: time(),
  /** Groups that were seen in it first. */
  newGroups: count(),
})
export type ReleaseRow = Static<typeof ReleaseRow>

/** The store's own state: `GET /api/store`. */
export const StoreState = Type.Object({
  engine: text(),
  isAvailable: Type.Boolean(),
  isReadOnly: Type.Boolean(),
  records: nullable(Type.Record(Type.String(), count())),
  deadLetters: nullable(count()),
  bytes: nullable(Type.Number()),
  queue: Type.Object({
    records: count(),
    bytes: Type.Number(),
    batchesInFlight: count(),
    oldestAgeMs: Type.Number(),
  }),
  lagMs: Type.Number(),
  outboxBytes: Type.Number(),
  written: count(),
  /** Records that were dropped under pressure, and bodies that were. */
  shed: count(),
  shedBodies: count(),
  pruned: count(),
  /** What the suite itself costs: how long the store's own threads have been at work, and the process in all, since it started. */
  cost: Type.Object({
    storeBusyMs: Type.Number(),
    /** CPU time of the whole process, in milliseconds. */
    processCpuMs: Type.Number(),
    uptimeMs: Type.Number(),
  }),
  /** What the console has done: queries, those that had to wait, were refused or were cut. */
  console: Type.Object({
    queries: count(),
    waited: count(),
    refused: count(),
    timedOut: count(),
    liveClients: count(),
  }),
})
export type StoreState = Static<typeof StoreState>

export const GroupStatus = Type.Union([
  Type.Literal('open'),
  Type.Literal('resolved'),
  Type.Literal('muted'),
  Type.Literal('regressed'),
])
export const ReportKind = Type.Union([
  Type.Literal('fatal'),
  Type.Literal('non-fatal'),
  Type.Literal('slow'),
  Type.Literal('stuck'),
])

/** A group of like errors. */
export const Group = Type.Object({
  fingerprint: text(),
  title: text(),
  kind: nullable(ReportKind),
  status: GroupStatus,
  occurrences: count(),
  firstSeenAt: time(),
  lastSeenAt: time(),
  /** People who were affected; 1,000 stands for that many or more. */
  users: count(),
  firstRelease: nullable(text()),
  lastRelease: nullable(text()),
  resolvedIn: nullable(text()),
  resolvedAt: nullable(time()),
  mutedUntil: nullable(time()),
  mutedUntilOccurrences: nullable(count()),
  reason: nullable(text()),
  assignee: nullable(text()),
  note: nullable(text()),
  revision: count(),
  changedAt: nullable(time()),
  changedBy: nullable(text()),
  /** The id of its newest report. */
  sampleId: nullable(text()),
  /** For the sparkline. */
  counts: Type.Array(Type.Object({ at: time(), count: count() })),
})
export type Group = Static<typeof Group>

/**
 * `GET /api/groups?status=open,regressed&kind&text&assignee&firstRelease&seenFrom&newFrom&order&cursor&limit&countsFrom&countsTo`.
 * Sparklines have 24 to 31 points.
 */
export const GroupPage = Type.Object({
  items: Type.Array(Group),
  nextCursor: Type.Optional(text()),
  /** The span and the width of `counts`. */
  counts: Type.Object({ from: time(), to: time(), bucketMs: Type.Integer() }),
})
export type GroupPage = Static<typeof GroupPage>

const tallies = Type.Array(Type.Object({ value: text(), count: count(), lastAt: time() }))

/** `GET /api/groups/:fingerprint`. */
export const GroupDetail = Type.Object({
  group: Group,
  counts: Type.Object({ from: time(), to: time(), bucketMs: Type.Integer() }),
  /** Of the stored reports of the last 31 days, which are thinned out. */
  routes: tallies,
  users: tallies,
  releases: tallies,
  statusCodes: tallies,
})
export type GroupDetail = Static<typeof GroupDetail>

/** `POST /api/groups/:fingerprint`; answers `{ group }`, or 409 `console-changed-meanwhile` with the group in `details.group`. */
export const GroupChange = Type.Object(
  {
    /** The revision that the change was made from. */
    revision: count(),
    status: Type.Optional(
      Type.Union([Type.Literal('open'), Type.Literal('resolved'), Type.Literal('muted')]),
    ),
    /** With `resolved`. @default the newest release */
    resolvedIn: Type.Optional(nullable(Type.String({ maxLength: 200 }))),
    mutedUntil: Type.Optional(nullable(time())),
    mutedForOccurrences: Type.Optional(nullable(Type.Integer({ minimum: 1 }))),
    reason: Type.Optional(nullable(Type.String({ maxLength: 1_000 }))),
    assignee: Type.Optional(nullable(Type.String({ maxLength: 200 }))),
    note: Type.Optional(nullable(Type.String({ maxLength: 10_000 }))),
  },
  { additionalProperties: false },
)
export type GroupChange = Static<typeof GroupChange>

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
  /** `fatal`, `non-fatal`, `slow` or `stuck`. */
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

/**
 * The filter of lists, of exports and of the live tail, as the query of their URLs, and of the page's own. Times are ISO 8601 or
 * milliseconds; `status` and `level` may be several, with commas between; `statusCode` is `404`, `4xx` or `400-499`.
 */
export const RecordQuery = Type.Object(
  {
    service: Type.Optional(text()),
    status: Type.Optional(text()),
    statusCode: Type.Optional(Type.String({ pattern: '^(\\d{3}|[1-9]xx|\\d{3}-\\d{3})$' })),
    method: Type.Optional(text()),
    direction: Type.Optional(Type.Union([Type.Literal('out'), Type.Literal('in')])),
    /** What the URL of an integration request, or the path of an audit event, begins with. */
    path: Type.Optional(text()),
    referenceType: Type.Optional(text()),
    referenceId: Type.Optional(text()),
    key: Type.Optional(text()),
    /** Fingerprint of a report's group. */
    fingerprint: Type.Optional(text()),
    /** Type of an audit event. */
    type: Type.Optional(text()),
    level: Type.Optional(text()),
    user: Type.Optional(text()),
    route: Type.Optional(text()),
    release: Type.Optional(text()),
    requestId: Type.Optional(text()),
    /** Of a report: the id that the client of the failed request was shown. */
    errorId: Type.Optional(text()),
    traceId: Type.Optional(text()),
    text: Type.Optional(text()),
    from: Type.Optional(text()),
    to: Type.Optional(text()),
    cursor: Type.Optional(text()),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  },
  { additionalProperties: false },
)
export type RecordQuery = Static<typeof RecordQuery>

/** `GET /api/records/:kind`. */
export const RecordList = Type.Object({
  items: Type.Array(RecordRow),
  nextCursor: Type.Optional(text()),
  /** Records that are not stored yet and were not looked through. */
  waiting: Type.Optional(count()),
})
export type RecordList = Static<typeof RecordList>

/** `GET /api/records/:kind/:id`: the whole record; looking at it is an audit event. */
export const RecordDetail = Type.Object({
  row: RecordRow,
  /** As it was recorded: a CrashReport, an IntegrationRecord, an audit event. */
  data: Type.Record(Type.String(), Type.Unknown()),
  /** Of an outbound call: the same call as a command for a shell, with what was redacted in it. */
  curl: nullable(text()),
  /** Whether it may be sent again: the service allows it, and so does `authorizeChange`. */
  canRetry: Type.Boolean(),
})
export type RecordDetail = Static<typeof RecordDetail>

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
    Type.Literal('slow'),
    Type.Literal('stuck'),
    Type.Literal('crash'),
    Type.Literal('report'),
    Type.Literal('answer'),
  ]),
  title: text(),
  /** Whether it went wrong. */
  isFailed: Type.Boolean(),
  /** The record behind it. */
  record: nullable(Type.Object({ kind: ListedKind, id: text() })),
})
export type TimelineEntry = Static<typeof TimelineEntry>

/** All of one request, or of one trace: `GET /api/requests/:requestId`, `GET /api/traces/:traceId`. */
export const Timeline = Type.Object({
  /** In order of time. */
  entries: Type.Array(TimelineEntry),
  /** Its records, oldest first; 200 of each kind at most. */
  records: Type.Array(RecordRow),
  isCut: Type.Boolean(),
  requestIds: Type.Array(text()),
  traceIds: Type.Array(text()),
})
export type Timeline = Static<typeof Timeline>

/**
 * The live tail, `GET /api/live?kinds=reports,audit_events&<filter>`: server-sent events `record` (a RecordRow), `group` (a Group that is
 * new or has regressed, for the bell), `lag` (`{ behindMs, dropped }`) and a comment each 15 s. The event id resumes a stream.
 */
export const LiveLag = Type.Object({ behindMs: Type.Number(), dropped: count() })
export type LiveLag = Static<typeof LiveLag>

/** What the API answers to a mistake, in the format `scs`; another format of the application is shown as text. */
export interface ApiError {
  readonly error: { readonly id: string; readonly message: string; readonly details?: unknown }
}

// Further: `GET /api/export/:kind?format=jsonl|csv&<filter>` streams what is filtered, without bodies;
// `GET /api/tally/:kind?by&from&to&limit&<filter>` answers `{ items: [{ value, count, lastAt }], total }`;
// `POST /api/integration_requests/:id/retry` sends a call again and answers `{ id }` of the new record.
export const TallyAnswer = Type.Object({ items: tallies, total: count() })
export type TallyAnswer = Static<typeof TallyAnswer>
