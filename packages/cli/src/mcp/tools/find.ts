import { LISTED_KINDS, type RecordQuery, type RecordRow } from '@fastify-scs/console/read'
import { writeCursor } from '@fastify-scs/store'
import { type Static, Type } from '@sinclair/typebox'
import { fitting } from '../bounds.js'
import { computed, isoTime, number, observed, parts, type Show, text, time } from '../marked.js'
import { argument, cursorArgument, defineTool, limitArgument, wordArgument } from '../tool.js'

const DEFAULT_ITEMS = 20

/** One record of a list. */
export const FoundItem = parts({
  computed: computed({
    kind: wordArgument(LISTED_KINDS, 'What was recorded'),
    createdAt: time(),
    statusCode: number(),
    durationMs: number(),
  }),
  observed: observed({
    id: Type.String({ description: 'For the tool "report", where it is a report' }),
    title: text(),
    status: text(),
    service: text(),
    route: text(),
    release: text(),
    user: text(),
    requestId: text(),
    traceId: text(),
    fingerprint: text(),
    method: text(),
    url: text(),
  }),
})

/** The tool that finds records. */
export const findTool = defineTool({
  name: 'find',
  title: 'Find records',
  description:
    'Finds what a service recorded, newest first: reports (crashes, caught errors, slow, stuck and blocked calls), integration_requests (calls to and from other services) or audit_events. All filters must hold. Times are ISO 8601.',
  input: Type.Object(
    {
      kind: wordArgument(LISTED_KINDS, 'What to find'),
      service: argument('Name of the service'),
      status: argument(
        'Of reports: fatal, non-fatal, slow, stuck, blocked; of integration_requests: Queued, Authorized, Completed, Cancelled, Failed. One or several, with commas between',
      ),
      statusCode: Type.Optional(
        Type.String({
          pattern: '^(\\d{3}|[1-9]xx|\\d{3}-\\d{3})$',
          description: '404, 4xx or 400-499',
        }),
      ),
      level: argument(
        'Of audit_events: INFO, WARN, ERROR ...; one or several, with commas between',
      ),
      type: argument('Of audit_events: the type of the event'),
      fingerprint: argument('Of reports: the group, as the tool "group" names it'),
      errorId: argument('Of reports: the error id that a client was shown'),
      route: argument('Such as: GET /orders/:id'),
      release: argument('Of reports: the release that recorded them'),
      path: argument('What the URL or path begins with'),
      user: argument('Id of the user of the request'),
      requestId: argument('Id of the request'),
      traceId: argument('Id of the trace'),
      text: argument('Words that the title, message or summary contains'),
      from: argument('Not before this time'),
      to: argument('Before this time'),
      cursor: cursorArgument(),
      limit: limitArgument(DEFAULT_ITEMS, 100),
    },
    { additionalProperties: false },
  ),
  output: parts({
    computed: computed({
      count: Type.Integer({ description: 'Items in this answer' }),
      nextCursor: Type.Union([Type.String(), Type.Null()], {
        description: 'Where the next answer begins; null where there is no more',
      }),
    }),
    items: Type.Array(FoundItem),
  }),
  async run({ kind, limit = DEFAULT_ITEMS, ...query }, { reader, show }) {
    const page = await reader.find(kind, { ...(query as RecordQuery), limit })
    const all = page.items.map((row) => itemOf(row, show))
    const items = all.slice(0, fitting(all))
    const last = page.items[items.length - 1]
    const isWhole = items.length === all.length
    const nextCursor = isWhole || last === undefined ? page.nextCursor : writeCursor(last)
    return {
      structured: { computed: { count: items.length, nextCursor: nextCursor ?? null }, items },
    }
  },
})

function itemOf(row: RecordRow, show: Show): Static<typeof FoundItem> {
  const shown = <Value extends string | null>(value: Value | undefined) => show(value ?? null)
  const { kind, createdAt, id, service, user, requestId, traceId } = row
  const ofReport = row.kind === 'reports' ? row : undefined
  const ofCall = row.kind === 'integration_requests' ? row : undefined
  const ofAudit = row.kind === 'audit_events' ? row : undefined
  return {
    computed: {
      ...{ kind, createdAt: isoTime(createdAt) },
      statusCode: ofReport?.statusCode ?? ofCall?.statusCode ?? null,
      durationMs: ofReport?.durationMs ?? ofCall?.durationMs ?? null,
    },
    observed: {
      id: show(id),
      title: shown(ofReport?.title ?? ofAudit?.message ?? ofCall?.description),
      status: shown(ofReport?.status ?? ofCall?.status ?? ofAudit?.level),
      ...{ service: shown(service), user: shown(user) },
      ...{ requestId: shown(requestId), traceId: shown(traceId) },
      route: shown(ofReport?.route),
      release: shown(ofReport?.release),
      fingerprint: shown(ofReport?.fingerprint ?? ofAudit?.type),
      method: shown(ofCall?.method),
      url: shown(ofCall?.url ?? ofAudit?.path),
    },
  }
}
