import type { QueryClient } from '@tanstack/preact-query'
import type { ListedKind, RecordRow } from '../../src/api/model.js'
import type { Api, ApiQuery } from '../api/client.js'
import { recordsQuery } from '../api/queries.js'

/** What a search has found. */
export interface Found {
  readonly records: readonly RecordRow[]
}

const LIMIT = 20

/** Whether a text may be an id: one word with a digit, long enough not to be one that people write. */
export function looksLikeId(text: string): boolean {
  return /^req-\w+$/.test(text) || (/^[\w.:-]{8,}$/.test(text) && /\d/.test(text))
}

/** A search: the kind of records, and what the API is asked. */
export type Search = readonly [kind: ListedKind, query: ApiQuery]

/** The searches for a text that is an id; none for another. */
export function idSearches(text: string): readonly Search[] {
  if (!looksLikeId(text)) return []
  return [
    ['reports', { errorId: text, limit: LIMIT }],
    ...kindsBy('requestId', text),
    ...(/^[0-9a-f]{32}$/i.test(text) ? kindsBy('traceId', text) : []),
    ['integration_requests', { key: text, limit: LIMIT }],
    ['reports', { fingerprint: text, limit: LIMIT }],
  ]
}

/** The searches for a text that is words. */
export function wordSearches(text: string): readonly Search[] {
  return kindsBy('text', text)
}

/** Looks for an id first, and for words where there is none. @throws ApiFailure when nothing was found and a search has failed */
export async function findEverywhere(queries: QueryClient, api: Api, text: string): Promise<Found> {
  const byId = await findAll(queries, api, idSearches(text))
  return byId.records.length > 0 ? byId : findAll(queries, api, wordSearches(text))
}

async function findAll(
  queries: QueryClient,
  api: Api,
  searches: readonly Search[],
): Promise<Found> {
  const answers = await Promise.allSettled(
    searches.map(([kind, query]) => queries.fetchQuery(recordsQuery(api, kind, query))),
  )
  const found = answers.flatMap((answer) =>
    answer.status === 'fulfilled' ? answer.value.items : [],
  )
  const failed = answers.find((answer) => answer.status === 'rejected')
  if (found.length === 0 && failed !== undefined) throw failed.reason
  const byId = new Map(found.map((record) => [record.id, record]))
  return { records: [...byId.values()].sort((a, b) => b.createdAt - a.createdAt) }
}

function kindsBy(field: string, value: string): readonly Search[] {
  return (['reports', 'integration_requests', 'audit_events'] as const).map(
    (kind) => [kind, { [field]: value, limit: LIMIT }] as const,
  )
}
