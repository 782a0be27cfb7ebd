import { type Static, Type } from '@sinclair/typebox'
import { count, nullable, pieces, tallies, text, time } from './fields.js'

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
  Type.Literal('blocked'),
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

/** The filter of the list of groups, as the query of its URL. Times are ISO 8601 or milliseconds. */
export const GroupQuery = Type.Object(
  {
    /** The span of the sparklines. */
    countsFrom: Type.Optional(Type.String()),
    countsTo: Type.Optional(Type.String()),
    /** One or several, with commas between. */
    status: Type.Optional(Type.String()),
    kind: Type.Optional(Type.String()),
    /** What the title contains. */
    text: Type.Optional(Type.String()),
    assignee: Type.Optional(Type.String()),
    firstRelease: Type.Optional(Type.String()),
    seenFrom: Type.Optional(Type.String()),
    newFrom: Type.Optional(Type.String()),
    order: Type.Optional(
      Type.Union([
        Type.Literal('lastSeen'),
        Type.Literal('firstSeen'),
        Type.Literal('occurrences'),
      ]),
    ),
    cursor: Type.Optional(Type.String()),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  { additionalProperties: false },
)
export type GroupQuery = Static<typeof GroupQuery>

/**
 * `GET /api/groups?status=open,regressed&kind&text&assignee&firstRelease&seenFrom&newFrom&order&cursor&limit&countsFrom&countsTo`.
 * Sparklines have 24 to 31 points.
 */
export const GroupPage = Type.Object({
  items: Type.Array(Group),
  nextCursor: Type.Optional(text()),
  /** The span and the width of `counts`. */
  counts: pieces(),
})
export type GroupPage = Static<typeof GroupPage>

/** `GET /api/groups/:fingerprint?from&to`: `counts` of the group are of that span, 60 of them or so. */
export const GroupDetail = Type.Object({
  group: Group,
  counts: pieces(),
  /** Of the stored reports of the last 31 days, which are thinned out. */
  routes: tallies(),
  users: tallies(),
  releases: tallies(),
  statusCodes: tallies(),
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
