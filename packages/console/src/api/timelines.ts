import { setImmediate } from 'node:timers/promises'
import type { FoundRecord, RecordFilter } from '@fastify-scs/core/kit'
import { Type } from '@sinclair/typebox'
import { finderFor } from '../query/reader.js'
import type { FindPage } from '../query/record-pager.js'
import { timeOf } from '../record/record-filter.js'
import { LISTED_KINDS, rowOf } from '../record/rows.js'
import { entriesOf } from '../timeline/entries.js'
import { chosenOf, requestsOf } from '../timeline/requests.js'
import type { ConsoleRoutes } from './console-routes.js'
import { Timeline } from './model.js'
import type { ApiParts } from './parts.js'

/** Records of each kind on one time line, at most. */
const MAX_RECORDS = 200
const DAY_MS = 86_400_000
/** Other requests with the same id that are named. */
const MAX_OTHERS = 20

const AtQuery = Type.Object(
  {
    /**
     * When one of its records was made, ISO 8601 or milliseconds: only records within a day of it are looked at, and of requests with the
     * same id the one that is closest is shown. Fastify's own request ids begin anew with each process.
     */
    at: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
)

/** Declares the time lines of a request and of a trace; wildcards, since their ids may be any text. */
export function timelineRoutes(routes: ConsoleRoutes, parts: ApiParts): void {
  routes.get(
    '/api/requests/*',
    { query: AtQuery, answer: Timeline },
    async ({ params, query: { at }, reply }) =>
      requestAt(finderFor(parts, reply), params['*'] ?? '', at),
  )
  routes.get(
    '/api/traces/*',
    { query: AtQuery, answer: Timeline },
    async ({ params, query, reply }) => {
      const filter = { traceId: params['*'] ?? '', ...around(query.at) }
      return timelineOf(finderFor(parts, reply), filter)
    },
  )
}

/** Of a trace: all of its requests. */
async function timelineOf(find: FindPage, filter: RecordFilter): Promise<Timeline> {
  const { records, isCut } = await recordsOf(find, filter)
  const line = told(records)
  return { ...line, isCut: isCut || line.isCut, at: null, others: [], isUncertain: false }
}

/** Of one of the requests with an id: the one at a time, or the newest. */
async function requestAt(find: FindPage, requestId: string, at?: string): Promise<Timeline> {
  const time = at === undefined ? undefined : timeOf('at', at)
  const { records, isCut } = await recordsOf(find, { requestId, ...around(at) })
  const requests = requestsOf(records)
  const chosen = chosenOf(requests, time)
  const others = requests
    .filter((request) => request !== chosen)
    .map((request) => ({ at: request.traits.from, records: request.records.length }))
  const line = told(chosen?.records ?? [])
  return {
    ...line,
    isCut: isCut || line.isCut,
    at: chosen?.traits.from ?? null,
    others: others.reverse().slice(0, MAX_OTHERS),
    isUncertain: chosen?.isUncertain ?? false,
  }
}

async function recordsOf(find: FindPage, filter: RecordFilter) {
  const pages = await Promise.all(
    LISTED_KINDS.map((kind) => find(kind, { ...filter, limit: MAX_RECORDS })),
  )
  // The last pages were parsed just now.
  await setImmediate()
  const isCut = pages.some(({ nextCursor }) => nextCursor !== undefined)
  return { records: pages.flatMap(({ items }) => items), isCut }
}

function told(records: readonly FoundRecord[]) {
  const sorted = [...records].sort(
    (one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1),
  )
  const rows = sorted.map(rowOf)
  return {
    ...entriesOf(sorted),
    records: rows,
    requestIds: distinct(rows.map(({ requestId }) => requestId)),
    traceIds: distinct(rows.map(({ traceId }) => traceId)),
  }
}

function around(at: string | undefined): { from?: number; to?: number } {
  if (at === undefined) return {}
  const time = timeOf('at', at)
  return { from: time - DAY_MS, to: time + DAY_MS }
}

function distinct(values: readonly (string | null | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== null && value !== undefined))]
}
