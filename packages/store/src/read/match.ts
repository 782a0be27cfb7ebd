import type { RecordKind, StoreRecord } from '@fastify-scs/core/kit/plain'
import type { RecordRow } from '../record/row.js'
import { searchedWords } from '../record/text.js'
import type { PageEdge, ResolvedFilter } from './filter.js'

type KindRow = RecordRow & { readonly kind: RecordKind }

/** Whether a row comes after another one, newest first. */
export function isAfter(row: PageEdge, edge: PageEdge): boolean {
  return row.createdAt < edge.createdAt || (row.createdAt === edge.createdAt && row.id < edge.id)
}

/** Whether a row has what a filter asks for. */
export function isMatch(row: KindRow, filter: ResolvedFilter): boolean {
  const { equal, statuses, notStatuses, urlPrefix, statusCode, from, to, after } = filter
  if (from !== undefined && row.createdAt < from) return false
  if (to !== undefined && row.createdAt >= to) return false
  if (after !== undefined && !isAfter(row, after)) return false
  if (!equal.every(([key, value]) => row[key] === value)) return false
  if (statuses !== undefined && (row.status === null || !statuses.includes(row.status)))
    return false
  if (row.status !== null && notStatuses.includes(row.status)) return false
  if (urlPrefix !== undefined && row.url?.startsWith(urlPrefix) !== true) return false
  if (statusCode !== undefined) {
    const code = row.statusCode
    if (code === null || code < statusCode.from || code > statusCode.to) return false
  }
  return isTextMatch(row, filter)
}

function isTextMatch(row: KindRow, { text, words }: ResolvedFilter): boolean {
  if (text === undefined || row.searchText?.includes(text) === true) return true
  if (words.length === 0) return false
  const known = new Set(searchedWords(JSON.parse(row.data) as StoreRecord['data']))
  return words.every((word) => known.has(word))
}
