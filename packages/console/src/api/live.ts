import { within } from '@fastify-scs/core/kit'
import { resolveFilter } from '@fastify-scs/store'
import { type Static, Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LiveClient, type LiveFilters } from '../live/live-client.js'
import { LiveRecord } from '../live/live-record.js'
import { filtersOf, findRecords } from '../query/find-records.js'
import { finderFor } from '../query/reader.js'
import { listOf } from '../record/record-filter.js'
import { LISTED_KINDS, listedKind } from '../record/rows.js'
import type { ConsoleRoutes } from './console-routes.js'
import { type ListedKind, RecordQuery } from './model.js'
import type { ApiParts } from './parts.js'
import { BadRequestError, ClientLeftError } from './refusals.js'

/** Between two questions whether a client may still look, in milliseconds. */
const AUTHORIZE_EVERY_MS = 60_000
/** How long the answer may take, in milliseconds. */
const AUTHORIZE_WAIT_MS = 10_000
/** Records of each kind that a client is sent which comes back. */
const MAX_MISSED = 500

const {
  cursor: _cursor,
  limit: _limit,
  from: _from,
  to: _to,
  ...filterFields
} = RecordQuery.properties

const LiveQuery = Type.Object(
  {
    ...filterFields,
    /** One or several, with commas between. @default all */
    kinds: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
)

/** Declares the live tail. */
export function liveRoutes(routes: ConsoleRoutes, parts: ApiParts): void {
  routes.get('/api/live', { query: LiveQuery }, async ({ query, request, reply }) => {
    const client = new LiveClient(liveFilters(query), reply)
    parts.live.add(client)
    endWhenRefused(client, parts, request, reply)
    sendMissed(client, parts, request, reply).catch((error: unknown) => {
      if (!(error instanceof ClientLeftError))
        parts.failures.log(error, 'a client of the live tail could not be sent what it has missed')
      // What was missed stays missed; the page says so.
      client.lag({ behindMs: 0, dropped: 1 })
    })
    return reply.type('text/event-stream').header('x-accel-buffering', 'no').send(client.stream)
  })
}

function liveFilters({ kinds, ...query }: Static<typeof LiveQuery>): LiveFilters {
  // Time goes on: a search for text must not stop at the time of this request.
  const lasting = filtersOf(query).map((filter) => {
    return { ...resolveFilter(filter), from: undefined, to: undefined }
  })
  const wanted = kinds === undefined ? LISTED_KINDS : listOf(kinds).map(kindOf)
  return new Map(wanted.map((kind) => [kind, lasting]))
}

function kindOf(name: string): ListedKind {
  const kind = listedKind(name)
  if (kind !== undefined) return kind
  throw new BadRequestError(`kinds must be some of ${LISTED_KINDS.join(', ')}`)
}

/** Asks again and again whether the client may still look. */
function endWhenRefused(
  client: LiveClient,
  { guard }: ApiParts,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const timer = setInterval(async () => {
    // One that does not come to an answer has not said yes.
    if ((await within(guard.mayStay(request, reply), AUTHORIZE_WAIT_MS)) !== true) client.end()
  }, AUTHORIZE_EVERY_MS).unref()
  client.stream.once('close', () => clearInterval(timer))
}

/** Sends what has come since the event that the client has seen last. */
async function sendMissed(
  client: LiveClient,
  parts: ApiParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const [, at, id] =
    /^(\d{1,16})\.([\w-]{1,64})$/.exec(String(request.headers['last-event-id'])) ?? []
  if (at === undefined || id === undefined) return
  const find = finderFor(parts, reply)
  const query = request.query as Static<typeof LiveQuery>
  const { kinds: _kinds, ...filter } = query
  const missed: LiveRecord[] = []
  let isCut = false
  for (const kind of client.filters.keys()) {
    const { items, nextCursor } = await findRecords(
      find,
      kind,
      { ...filter, from: at },
      { limit: MAX_MISSED },
    )
    missed.push(...items.map((found) => new LiveRecord(kind, found)))
    isCut ||= nextCursor !== undefined
  }
  missed.sort(({ found: one }, { found: other }) => {
    return one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1)
  })
  for (const record of missed) if (record.found.id !== id) client.record(record)
  if (isCut) client.lag({ behindMs: 0, dropped: 1 })
}
