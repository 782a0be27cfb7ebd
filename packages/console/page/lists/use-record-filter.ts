import { useCallback, useMemo } from 'preact/hooks'
import type { ListedKind } from '../../src/api/model.js'
import { useNow } from '../components/clock.js'
import { useQueryParams } from '../shell/use-query-params.js'
import {
  FILTER_NAMES,
  type FilterName,
  filterOf,
  queryOf,
  type RecordFilter,
  searchOf,
  withFilter,
} from './record-filter.js'

/** The filter of a list, which lives in the page's address. */
export interface ListFilter {
  readonly kind: ListedKind
  readonly filter: RecordFilter
  /** Of the page that is shown; undefined for the first. */
  readonly cursor: string | undefined
  /** What the API is asked, without the cursor. */
  readonly query: ReturnType<typeof queryOf>
  /** Changes one part, and goes back to the first page. With `replace` it is no step of the browser's history. */
  set(name: FilterName, value: string | undefined, options?: { readonly replace?: boolean }): void
  clear(): void
}

/** Reads the filter of a kind from the page's address, and changes it there. */
export function useRecordFilter(kind: ListedKind): ListFilter {
  const [params, change] = useQueryParams()
  const search = params.toString()
  const now = useNow()
  const filter = useMemo(() => filterOf(search, kind), [search, kind])
  // The time moves on, but the question changes once a minute.
  const minute = Math.floor(now / 60_000) * 60_000
  const query = useMemo(() => queryOf(filter, minute), [filter, minute])
  const set = useCallback<ListFilter['set']>(
    (name, value, options) => change(changeOf(withFilter(filter, name, value)), options),
    [filter, change],
  )
  const clear = useCallback(() => change(changeOf({})), [change])
  return { kind, filter, query, cursor: params.get('cursor') ?? undefined, set, clear }
}

/** The query of the address of another page of the same list. */
export function searchOfPage({ filter }: ListFilter, cursor: string | undefined): string {
  return searchOf(filter, cursor)
}

function changeOf(filter: RecordFilter): Record<string, string | undefined> {
  const change: Record<string, string | undefined> = { cursor: undefined }
  for (const name of FILTER_NAMES) change[name] = filter[name]
  return change
}
