import type { InfiniteData, QueryClient } from '@tanstack/preact-query'
import type { RecordList, RecordRow, Timeline } from '../../src/api/model.js'
import type { RowOf } from '../lists/rows-of.js'

/** What lists and time lines already know of a record, so that its page shows at once; undefined where they know nothing. */
export function knownRow<Kind extends RecordRow['kind']>(
  queries: QueryClient,
  kind: Kind,
  id: string,
): RowOf<Kind> | undefined {
  const answersTo = <Answer>(...queryKey: readonly string[]): readonly Answer[] =>
    queries
      .getQueriesData<Answer>({ queryKey })
      .flatMap(([, answer]) => (answer === undefined ? [] : [answer]))
  const rows = [
    ...answersTo<RecordList>('records', kind).flatMap(({ items }) => items),
    ...answersTo<InfiniteData<RecordList>>('record-pages', kind).flatMap(({ pages }) =>
      pages.flatMap(({ items }) => items),
    ),
    ...answersTo<Timeline>('timeline').flatMap(({ records }) => records),
  ]
  return rows.find((row): row is RowOf<Kind> => row.kind === kind && row.id === id)
}
