import { setImmediate } from 'node:timers/promises'
import type { FoundRecord, RecordFilter } from '@fastify-scs/core/kit'
import { Type } from '@sinclair/typebox'
import { finderFor } from '../query/reader.js'
import type { FindPage } from '../query/record-pager.js'
import { timeOf } from '../record/record-filter.js'
import { LISTED_KINDS, rowOf } from '../record/rows.js'
import { entriesOf } from '../timeline/entries.js'
import type { ConsoleRoutes } from './console-routes.js'
import { Timeline } from './model.js'
import type { ApiParts } from './parts.js'

/** Records of each kind on one time line, at most. */
const MAX_RECORDS = 200
const DAY_MS = 86_400_000

const AtQuery = Type.Object(
  {
    /**
     * When one of its records was made, ISO 8601 or milliseconds: only records within a day of it are looked at. Fastify's own request
     * ids begin anew with each process.
     */
    at: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
)

/** Declares the time lines of a request and of a trace; wildcards, since their ids may be any text. */
export function timelineRoutes(routes: ConsoleRoutes, parts: ApiParts): void {
  const declare = (path: string, field: 'requestId' | 'traceId'): void =>
    routes.get(
      `${path}/*`,
      { query: AtQuery, answer: Timeline },
      async ({ params, query: { at }, reply }) => {
        const filter = { [field]: params['*'] ?? '', ...around(at) }
        return timelineOf(finderFor(parts, reply), filter)
      },
    )
  declare('/api/requests', 'requestId')
  declare('/api/traces', 'traceId')
}

async function timelineOf(find: FindPage, filter: RecordFilter): Promise<Timeline> {
  const pages = await Promise.all(
    LISTED_KINDS.map((kind) => find(kind, { ...filter, limit: MAX_RECORDS })),
  )
  // The last pages were parsed just now.
  await setImmediate()
  const records = pages.flatMap(({ items }) => items)
  records.sort((one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1))
  const rows = records.map(rowOf)
  return {
    entries: entriesOf(records),
    records: rows,
    isCut: pages.some(({ nextCursor }) => nextCursor !== undefined),
    requestIds: distinct(records.map(({ keys }: FoundRecord) => keys.requestId)),
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
