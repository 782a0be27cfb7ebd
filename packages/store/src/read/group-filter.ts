import { type GroupStatus, type ReportKind, show } from '@fastify-scs/core/kit/plain'
import { FilterError } from '../errors.js'
import type { FoundGroup, GroupChange, GroupFilter, ResolvedGroupFilter } from '../port.js'

const DEFAULT_ITEMS = 50
const MAX_ITEMS = 200
const STATUSES: readonly GroupStatus[] = ['open', 'resolved', 'muted', 'regressed']
const KINDS: readonly ReportKind[] = ['fatal', 'non-fatal', 'slow', 'stuck']
const ORDERS: readonly ResolvedGroupFilter['order'][] = ['lastSeen', 'firstSeen', 'occurrences']
const CURSOR = /^(\d{1,16})\.(.+)$/s

/** Checks a filter for groups and fills in its defaults. @throws FilterError */
export function resolveGroupFilter(filter: GroupFilter): ResolvedGroupFilter {
  const { order = 'lastSeen', limit = DEFAULT_ITEMS, cursor, counts } = filter
  if (!ORDERS.includes(order))
    throw new FilterError('order', `one of ${ORDERS.join(', ')}`, show(order))
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_ITEMS)
    throw new FilterError('limit', `a whole number from 1 to ${MAX_ITEMS}`, show(limit))
  return {
    fingerprint: filter.fingerprint,
    statuses: oneOf('status', filter.status, STATUSES),
    kinds: oneOf('kind', filter.kind, KINDS),
    firstRelease: filter.firstRelease,
    assignee: filter.assignee,
    text: filter.text?.toLowerCase(),
    seenFrom: timeOf('seenFrom', filter.seenFrom),
    newFrom: timeOf('newFrom', filter.newFrom),
    order,
    after: cursor === undefined ? undefined : readCursor(cursor),
    limit,
    counts,
  }
}

/** The cursor of the page that follows a group. */
export function writeGroupCursor(group: FoundGroup, order: ResolvedGroupFilter['order']): string {
  const value = order === 'occurrences' ? group.occurrences : group[`${order}At`]
  return Buffer.from(`${value}.${group.fingerprint}`).toString('base64url')
}

/** Checks a change of a group. @throws FilterError */
export function checkGroupChange({ expected, status }: GroupChange): void {
  if (!Number.isSafeInteger(expected) || expected < 0)
    throw new FilterError('expected', 'a whole number from 0', show(expected))
  if (status !== undefined && !['open', 'resolved', 'muted'].includes(status))
    throw new FilterError('status', "'open', 'resolved' or 'muted'", show(status))
}

function readCursor(cursor: string): ResolvedGroupFilter['after'] {
  const text = Buffer.from(String(cursor), 'base64url').toString()
  const [, value, fingerprint] = CURSOR.exec(text) ?? []
  if (value !== undefined && fingerprint !== undefined) return { value: Number(value), fingerprint }
  throw new FilterError('cursor', 'nextCursor of the page before', show(cursor))
}

function oneOf<Value extends string>(
  field: string,
  given: Value | readonly Value[] | undefined,
  known: readonly Value[],
): readonly Value[] | undefined {
  if (given === undefined) return undefined
  const values = typeof given === 'string' ? [given] : given
  if (values.every((value) => known.includes(value))) return values
  throw new FilterError(field, `one of ${known.join(', ')}, or a list of them`, show(given))
}

function timeOf(field: string, given: Date | string | number | undefined): number | undefined {
  if (given === undefined) return undefined
  const time = new Date(given).getTime()
  if (Number.isFinite(time)) return time
  throw new FilterError(field, 'a Date, an ISO 8601 time or milliseconds since 1970', show(given))
}
