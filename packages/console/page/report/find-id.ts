import type { QueryClient } from '@tanstack/preact-query'
import type { ListedKind, RecordList, RecordRow } from '../../src/api/model.js'
import type { Api, ApiQuery } from '../api/client.js'
import { recordsQuery } from '../api/queries.js'
import { readTitle } from '../groups/group-title.js'

/** What a search has found. */
export interface Found {
  readonly records: readonly RecordRow[]
}

const LIMIT = 20

/** Whether a text may be an id: one word with a digit, long enough not to be one that people write. */
export function looksLikeId(text: string): boolean {
  return /^[\w.:-]{8,}$/.test(text) && /\d/.test(text)
}

/** The searches that a text is worth: an id is looked for as an id, and anything as words. */
export function searchesFor(text: string): readonly (readonly [ListedKind, ApiQuery])[] {
  const words: readonly (readonly [ListedKind, ApiQuery])[] = [
    ['reports', { text, limit: LIMIT }],
    ['integration_requests', { text, limit: LIMIT }],
    ['audit_events', { text, limit: LIMIT }],
  ]
  if (!looksLikeId(text)) return words
  const ids: readonly (readonly [ListedKind, ApiQuery])[] = [
    ...kindsBy('requestId', text),
    ...(/^[0-9a-f]{32}$/i.test(text) ? kindsBy('traceId', text) : []),
    ['reports', { errorId: text, limit: LIMIT }],
    ['integration_requests', { key: text, limit: LIMIT }],
    ['reports', { fingerprint: text, limit: LIMIT }],
  ]
  return [...ids, ...words]
}

/** Looks everywhere at once; a search that the store refuses is as one that finds nothing, unless all are. */
export async function findEverywhere(queries: QueryClient, api: Api, text: string): Promise<Found> {
  const answers = await Promise.allSettled(
    searchesFor(text).map(([kind, query]) =>
      queries.fetchQuery<RecordList>(recordsQuery(api, kind, query) as never),
    ),
  )
  const failed = answers.find((answer) => answer.status === 'rejected')
  const found = answers.flatMap((answer) =>
    answer.status === 'fulfilled' ? answer.value.items : [],
  )
  if (found.length === 0 && failed !== undefined) throw failed.reason
  const byId = new Map(found.map((record) => [record.id, record]))
  return { records: [...byId.values()].sort((a, b) => b.createdAt - a.createdAt) }
}

function kindsBy(field: string, value: string): readonly (readonly [ListedKind, ApiQuery])[] {
  return (['reports', 'integration_requests', 'audit_events'] as const).map(
    (kind) => [kind, { [field]: value, limit: LIMIT }] as const,
  )
}

/** One line that says what a record is about. */
export function titleOf(record: RecordRow): string {
  if (record.kind === 'reports') return readTitle(record.title).headline
  if (record.kind === 'audit_events') return record.message || record.type
  return [record.method, record.url ?? record.description ?? record.service]
    .filter((part) => part !== null)
    .join(' ')
}
