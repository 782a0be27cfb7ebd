import { Readable } from 'node:stream'
import { Type } from '@sinclair/typebox'
import type { FastifyReply } from 'fastify'
import { FORMATS } from '../export/lines.js'
import type { ConsoleFailures } from '../failures.js'
import type { Read } from '../query/query-gate.js'
import { readerFor } from '../query/reader.js'
import { StoreReader } from '../query/store-reader.js'
import { LISTED_KINDS } from '../record/rows.js'
import type { ConsoleRoutes } from './console-routes.js'
import { RecordQuery } from './model.js'
import type { ApiParts } from './parts.js'
import { ClientLeftError } from './refusals.js'

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
        const reader = new StoreReader(growingPatient(parts, reply), parts.pager)
        const pages = reader.export(kind, query, name)
        // The first one now, while a refusal can still be answered.
        const first = await pages.next()
        parts.audit.exported(request, kind, query)
        const file = `${kind}-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.${name}`
        reply
          .type(FORMATS[name].contentType)
          .header('content-disposition', `attachment; filename="${file}"`)
        const lines = first.done === true ? [] : behind(first.value, pages, parts.failures)
        return reply.send(parts.downloads.add(Readable.from(lines)))
      },
    )
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
