import type { TimelineEntry } from '@fastify-scs/console/read'
import { type Static, Type } from '@sinclair/typebox'
import { pageOf } from '../bounds.js'
import { computed, isoTime, number, observed, parts, type Show, text, time } from '../marked.js'
import { readOffset, writeOffset } from '../offset-cursor.js'
import { argument, cursorArgument, defineTool, limitArgument } from '../tool.js'
import { WrongArgumentError } from '../tool-failure.js'

const DEFAULT_ENTRIES = 100

const Entry = parts({
  computed: computed({
    at: time(),
    sinceBeginMs: Type.Number({ description: 'Milliseconds since the first moment' }),
    what: Type.String({
      description:
        'arrival, phase, audit, call, query, log, slow, stuck, blocked, crash, report or answer',
    }),
    durationMs: number(),
    isFailed: Type.Boolean(),
    times: Type.Union([Type.Number(), Type.Null()], {
      description: 'Of a query that ran again and again in the request: how many times',
    }),
  }),
  observed: observed({ title: Type.String(), recordId: text() }),
})

/** The tool that tells what happened in a request. */
export const timelineTool = defineTool({
  name: 'timeline',
  title: 'Time line of a request',
  description:
    'Tells what happened in one request, or in all requests of one trace, in order of time: its arrival, phases, audit events, calls to other services, database queries, log lines, crashes and its answer. Give requestId or traceId.',
  input: Type.Object(
    {
      requestId: argument(
        'Id of the request; of several with the same id the newest, or the one at "at"',
      ),
      traceId: argument('Id of a trace, instead of requestId'),
      at: argument('A time within the request, ISO 8601: ids may begin anew with each process'),
      cursor: cursorArgument(),
      limit: limitArgument(DEFAULT_ENTRIES, 200),
    },
    { additionalProperties: false },
  ),
  output: parts({
    computed: computed({
      beganAt: Type.Union([Type.String(), Type.Null()]),
      count: Type.Integer({ description: 'Entries in all' }),
      isCut: Type.Boolean({ description: 'Whether more was recorded than is kept on a time line' }),
      isUncertain: Type.Boolean({
        description: 'Whether only the time says that all of it is of one request',
      }),
      otherRequestsAt: Type.Array(Type.String(), {
        description: 'When other requests with the same id began, for "at"',
      }),
      nextCursor: Type.Union([Type.String(), Type.Null()]),
    }),
    entries: Type.Array(Entry),
  }),
  async run({ requestId, traceId, at, cursor, limit = DEFAULT_ENTRIES }, { reader, show }) {
    const offset = readOffset(cursor)
    if ((requestId === undefined) === (traceId === undefined))
      throw new WrongArgumentError('give either the argument "requestId" or "traceId"')
    const line =
      requestId === undefined
        ? await reader.trace(String(traceId), at)
        : await reader.timeline(requestId, at)
    const begin = line.entries[0]?.at
    const page = pageOf(line.entries, offset, limit, (entry) =>
      entryOf(entry, begin ?? entry.at, show),
    )
    return {
      structured: {
        computed: {
          beganAt: begin === undefined ? null : isoTime(begin),
          count: line.entries.length,
          isCut: line.isCut,
          isUncertain: line.isUncertain,
          otherRequestsAt: line.others.map((other) => isoTime(other.at)),
          nextCursor: page.nextOffset === null ? null : writeOffset(page.nextOffset),
        },
        entries: [...page.items],
      },
    }
  },
})

function entryOf(entry: TimelineEntry, begin: number, show: Show): Static<typeof Entry> {
  const { at, what, durationMs, isFailed, times, title, record } = entry
  return {
    computed: {
      ...{ at: isoTime(at), sinceBeginMs: Math.round((at - begin) * 10) / 10 },
      ...{ what, durationMs, isFailed, times },
    },
    observed: { title: show(title), recordId: show(record?.id ?? null) },
  }
}
