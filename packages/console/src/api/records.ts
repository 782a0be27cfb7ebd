import { TALLY_FIELDS } from '@fastify-scs/store'
import { Type } from '@sinclair/typebox'
import { findRecords } from '../query/find-records.js'
import { finderFor, readerFor } from '../query/reader.js'
import { attemptsOf } from '../record/attempts.js'
import { curlOf } from '../record/curl.js'
import { levelsOf, recordFilter } from '../record/record-filter.js'
import { LISTED_KINDS, rowOf } from '../record/rows.js'
import { spanOf } from '../record/time-span.js'
import type { ConsoleRoutes } from './console-routes.js'
import { RecordDetail, RecordList, RecordQuery, TallyAnswer } from './model.js'
import type { ApiParts } from './parts.js'
import { BadRequestError, NotFoundError } from './refusals.js'
import { isRetryable } from './retry.js'

const { cursor: _cursor, limit: _limit, text: _text, ...filterFields } = RecordQuery.properties

const TallyQuery = Type.Object(
  {
    ...filterFields,
    by: Type.Union(TALLY_FIELDS.map((field) => Type.Literal(field))),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  },
  { additionalProperties: false },
)

/** Declares the lists of records, their tallies, and the page of one record, for each kind. */
export function recordRoutes(routes: ConsoleRoutes, parts: ApiParts): void {
  for (const kind of LISTED_KINDS) {
    routes.get(
      `/api/records/${kind}`,
      { query: RecordQuery, answer: RecordList },
      async ({ query, reply }): Promise<RecordList> => {
        const { items, ...rest } = await findRecords(finderFor(parts, reply), kind, query)
        return { items: items.map(rowOf), ...rest }
      },
    )

    routes.get(
      `/api/records/${kind}/:id`,
      { answer: RecordDetail },
      async ({ request, params: { id = '' }, reply }): Promise<RecordDetail> => {
        const read = readerFor(parts, reply)
        const found = await read((store) => store.get(kind, id))
        if (found === undefined) throw new NotFoundError('There is no such record')
        parts.audit.viewed(request, kind, found.id)
        const canRetry = isRetryable(parts.app, found) && (await parts.guard.mayChange(request))
        return {
          row: rowOf(found),
          data: found.data,
          curl: kind === 'integration_requests' ? curlOf(found.data) : null,
          canRetry,
          attempts: kind === 'integration_requests' ? await attemptsOf(read, found) : [],
        }
      },
    )

    routes.get(
      `/api/tally/${kind}`,
      { query: TallyQuery, answer: TallyAnswer },
      async ({ query: { by, limit, ...query }, reply }) => {
        const { from: _from, to: _to, ...filter } = recordFilter(query)
        const where = { ...filter, ...oneLevel(query) }
        const asked = { by, where, ...spanOf(query), ...(limit === undefined ? {} : { limit }) }
        return readerFor(parts, reply)((store) => store.tally(kind, asked))
      },
    )
  }
}

/** A tally counts by one filter. @throws BadRequestError */
function oneLevel(query: RecordQuery): { readonly level?: string } {
  const [level, ...more] = levelsOf(query) ?? []
  if (more.length > 0) throw new BadRequestError('A tally takes one level')
  return level === undefined ? {} : { level }
}
