import { storeReaderFor } from '../query/reader.js'
import { LISTED_KINDS } from '../record/rows.js'
import type { ConsoleRoutes } from './console-routes.js'
import {
  RecordDetail,
  RecordList,
  RecordQuery,
  ReportPrompt,
  TallyAnswer,
  TallyQuery,
} from './model.js'
import type { ApiParts } from './parts.js'
import { NotFoundError } from './refusals.js'
import { isRetryable } from './retry.js'

/** Declares the lists of records, their tallies, and the page of one record, for each kind; and the prompt of a report. */
export function recordRoutes(routes: ConsoleRoutes, parts: ApiParts): void {
  for (const kind of LISTED_KINDS) {
    routes.get(
      `/api/records/${kind}`,
      { query: RecordQuery, answer: RecordList },
      async ({ query, reply }): Promise<RecordList> =>
        storeReaderFor(parts, reply).find(kind, query),
    )

    routes.get(
      `/api/records/${kind}/:id`,
      { answer: RecordDetail },
      async ({ request, params: { id = '' }, reply }): Promise<RecordDetail> => {
        const reader = storeReaderFor(parts, reply)
        const found = await reader.record(kind, id)
        if (found === undefined) throw new NotFoundError('There is no such record')
        parts.audit.viewed(request, kind, found.id)
        const canRetry = isRetryable(parts.app, found) && (await parts.guard.mayChange(request))
        return { ...(await reader.detailOf(found)), canRetry }
      },
    )

    routes.get(
      `/api/tally/${kind}`,
      { query: TallyQuery, answer: TallyAnswer },
      async ({ query, reply }) => storeReaderFor(parts, reply).tally(kind, query),
    )
  }

  routes.get(
    '/api/prompts/:id',
    { answer: ReportPrompt },
    async ({ request, params: { id = '' }, reply }): Promise<ReportPrompt> => {
      const reader = storeReaderFor(parts, reply)
      const found = await reader.record('reports', id)
      if (found === undefined) throw new NotFoundError('There is no such report')
      parts.audit.viewed(request, 'reports', found.id)
      return { text: await reader.promptOf(found, parts.app.scs.redactor) }
    },
  )
}
