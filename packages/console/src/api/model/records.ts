import { TALLY_FIELDS } from '@fastify-scs/store'
import { type Static, Type } from '@sinclair/typebox'
import { count, nullable, tallies, text } from './fields.js'
import { CallRow, RecordRow } from './rows.js'

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
  /** Of a call that was sent again, or that repeats another one: all its attempts, oldest first, itself among them; 50 at most. */
  attempts: Type.Array(CallRow),
})
export type RecordDetail = Static<typeof RecordDetail>

// Further: `GET /api/export/:kind?format=jsonl|csv&<filter>` streams what is filtered, without bodies;
// `GET /api/tally/:kind?by&from&to&limit&<filter>` answers `{ items: [{ value, count, lastAt }], total }`;
// `POST /api/integration_requests/:id/retry` sends a call again and answers `{ id }` of the new record.
export const TallyAnswer = Type.Object({ items: tallies(), total: count() })
export type TallyAnswer = Static<typeof TallyAnswer>

const { cursor: _cursor, limit: _limit, text: _text, ...filterFields } = RecordQuery.properties

/** Which records are counted, and by what. */
export const TallyQuery = Type.Object(
  {
    ...filterFields,
    by: Type.Union(TALLY_FIELDS.map((field) => Type.Literal(field))),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  },
  { additionalProperties: false },
)
export type TallyQuery = Static<typeof TallyQuery>

/** `GET /api/prompts/:id`: a report with all that is known of its request, as a text for a coding assistant; an audit event as well. */
export const ReportPrompt = Type.Object({ text: text() })
export type ReportPrompt = Static<typeof ReportPrompt>
