import { Readable } from 'node:stream'
import { Type } from '@sinclair/typebox'
import type { FastifyReply } from 'fastify'
import { type ExportFormat, FORMATS } from '../export/lines.js'
import type { ConsoleFailures } from '../failures.js'
import { findRecords } from '../query/find-records.js'
import { readerFor } from '../query/reader.js'
import type { FindPage } from '../query/record-pager.js'
import { LISTED_KINDS, rowOf } from '../record/rows.js'
import type { ConsoleRoutes } from './console-routes.js'
import { type ListedKind, RecordQuery } from './model.js'
import type { ApiParts, Read } from './parts.js'
import { ClientLeftError } from './refusals.js'

/** Records that are read at a time. */
const PAGE = 200

const { cursor: _cursor, limit: _limit, ...filterFields } = RecordQuery.properties

const ExportQuery = Type.Object(
  {
    ...filterFields,
    /** @default 'jsonl' */
    format: Type.Optional(Type.Union([Type.Literal('jsonl'), Type.Literal('csv')])),
  },
  { additionalProperties: false },
)

/** Declares the export of what is filtered, for each kind. */
export function exportRoutes(routes: ConsoleRoutes, parts: ApiParts): void {
  for (const kind of LISTED_KINDS)
    routes.get(
      `/api/export/${kind}`,
      { query: ExportQuery },
      async ({ query: { format: name = 'jsonl', ...query }, request, reply }) => {
        // What comes while it runs is not part of it.
        const until = { ...query, to: query.to ?? String(Date.now() + 1) }
        const format = FORMATS[name]
        const pages = pagesOf(parts.pager.finder(growingPatient(parts, reply)), kind, until, format)
        // The first one now, while a refusal can still be answered.
        const first = await pages.next()
        parts.audit.exported(request, kind, query)
        const file = `${kind}-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.${name}`
        reply
          .type(format.contentType)
          .header('content-disposition', `attachment; filename="${file}"`)
        const lines = first.done === true ? [] : behind(first.value, pages, parts.failures)
        return reply.send(parts.downloads.add(Readable.from(lines)))
      },
    )
}

/** Reads page after page, each only once the one before has been taken: a client that reads slowly holds up its export alone. */
async function* pagesOf(
  find: FindPage,
  kind: ListedKind,
  query: RecordQuery,
  format: ExportFormat,
): AsyncGenerator<string> {
  let cursor: string | undefined
  let head = format.head(kind)
  do {
    const from = cursor === undefined ? {} : { cursor }
    const { items, nextCursor } = await findRecords(find, kind, query, {
      ...from,
      limit: PAGE,
    })
    yield `${head}${format.lines(kind, items.map(rowOf))}`
    head = ''
    cursor = nextCursor
  } while (cursor !== undefined)
}

/** The first query is refused as any other where too many wait; the others wait, since half an export is of no use. */
function growingPatient(parts: ApiParts, reply: FastifyReply): Read {
  const first = readerFor(parts, reply)
  const patient = readerFor(parts, reply, true)
  let isFirst = true
  return (query) => {
    const read = isFirst ? first : patient
    isFirst = false
    return read(query)
  }
}

async function* behind(
  first: string,
  rest: AsyncGenerator<string>,
  failures: ConsoleFailures,
): AsyncGenerator<string> {
  if (first !== '') yield first
  try {
    yield* rest
  } catch (error) {
    if (!(error instanceof ClientLeftError)) failures.log(error, 'an export broke off')
    throw error
  }
}
