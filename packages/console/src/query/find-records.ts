import { type RecordFilter, type RecordPage, writeCursor } from '@fastify-scs/store'
import type { ListedKind, RecordQuery } from '../api/model.js'
import { levelsOf, recordFilter } from '../record/record-filter.js'
import type { FindPage } from './record-pager.js'

const DEFAULT_LIMIT = 50

/** Finds a page of records. The store takes one level; for several, their pages are put together. */
export async function findRecords(
  find: FindPage,
  kind: ListedKind,
  query: RecordQuery,
  more: RecordFilter = {},
): Promise<RecordPage> {
  const { limit = DEFAULT_LIMIT } = { ...query, ...more }
  const filters = filtersOf(query, more)
  const pages = await Promise.all(filters.map((filter) => find(kind, { ...filter, limit })))
  const [page] = pages
  if (page !== undefined && pages.length === 1) return page
  const items = pages
    .flatMap((each) => each.items)
    .sort((one, other) => other.createdAt - one.createdAt || (one.id < other.id ? 1 : -1))
  const last = items[limit - 1]
  const hasMore = items.length > limit || pages.some(({ nextCursor }) => nextCursor !== undefined)
  return {
    items: items.slice(0, limit),
    ...(last !== undefined && hasMore ? { nextCursor: writeCursor(last) } : {}),
  }
}

/** The filters of a query, one for each of its levels. */
export function filtersOf(query: RecordQuery, more: RecordFilter = {}): RecordFilter[] {
  const filter = { ...recordFilter(query), ...more }
  const levels = levelsOf(query)
  return levels === undefined ? [filter] : levels.map((level) => ({ ...filter, level }))
}
