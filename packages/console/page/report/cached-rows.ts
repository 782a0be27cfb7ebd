import type { InfiniteData, QueryClient } from '@tanstack/preact-query'
import type { ListedKind, RecordList, RecordRow } from '../../src/api/model.js'

/** What the lists already know of a record, so that its page shows at once; undefined where they know nothing. */
export function knownRow(
  queries: QueryClient,
  kind: ListedKind,
  id: string,
): RecordRow | undefined {
  const lists = queries.getQueriesData<InfiniteData<RecordList>>({
    queryKey: ['record-pages', kind],
  })
  const single = queries.getQueriesData<RecordList>({ queryKey: ['records', kind] })
  const rows = [
    ...lists.flatMap(([, data]) => data?.pages ?? []),
    ...single.flatMap(([, page]) => (page === undefined ? [] : [page])),
  ].flatMap(({ items }) => items)
  return rows.find((row) => row.id === id)
}
