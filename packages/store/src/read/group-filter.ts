import { type GroupStatus, type ReportKind, show } from '@fastify-scs/core/kit/plain'
import { FilterError } from '../errors.js'
import type { FoundGroup, GroupFilter, ResolvedGroupFilter } from '../port.js'
import { storableText } from '../record/text.js'
import { checkFields, limitOf, storableOf, timeOf } from './filter.js'
import { GROUP_COUNT_MS } from './groups.js'

/** What a report may be about. */
export const REPORT_KINDS: readonly ReportKind[] = [
  'fatal',
  'non-fatal',
  'slow',
  'stuck',
  'blocked',
]

const DEFAULT_ITEMS = 50
const MAX_ITEMS = 200
const MAX_SPANS = 1_000
const STATUSES: readonly GroupStatus[] = ['open', 'resolved', 'muted', 'regressed']
const ORDERS: readonly ResolvedGroupFilter['order'][] = ['lastSeen', 'firstSeen', 'occurrences']
/** The order, the value, and the fingerprint, which may be any text. */
const CURSOR = /^(\w+)\.(\d{1,16})\.(.*)$/s
const FIELDS: ReadonlySet<string> = new Set([
  'fingerprint',
  'status',
  'kind',
  'firstRelease',
  'assignee',
  'text',
  'seenFrom',
  'newFrom',
  'order',
  'cursor',
  'limit',
  'counts',
])

/** Checks a filter for groups and fills in its defaults. @throws FilterError */
export function resolveGroupFilter(filter: GroupFilter): ResolvedGroupFilter {
  checkFields(filter, FIELDS)
  const { order = 'lastSeen', cursor, counts } = filter
  if (!ORDERS.includes(order))
    throw new FilterError('order', `one of ${ORDERS.join(', ')}`, show(order))
  return {
    fingerprint: storableOf('fingerprint', filter.fingerprint),
    statuses: oneOf('status', filter.status, STATUSES),
    kinds: oneOf('kind', filter.kind, REPORT_KINDS),
    firstRelease: storableOf('firstRelease', filter.firstRelease),
    assignee: storableOf('assignee', filter.assignee),
    text: storableOf('text', filter.text)?.toLowerCase(),
    seenFrom: timeOf('seenFrom', filter.seenFrom),
    newFrom: timeOf('newFrom', filter.newFrom),
    order,
    after: cursor === undefined ? undefined : readCursor(cursor, order),
    limit: limitOf(filter.limit, DEFAULT_ITEMS, MAX_ITEMS),
    counts: counts === undefined ? undefined : checkCounts(counts),
  }
}

/** The cursor of the page that follows a group. */
export function writeGroupCursor(group: FoundGroup, order: ResolvedGroupFilter['order']): string {
  const value = order === 'occurrences' ? group.occurrences : group[`${order}At`]
  return Buffer.from(`${order}.${value}.${group.fingerprint}`).toString('base64url')
}

function readCursor(
  cursor: string,
  order: ResolvedGroupFilter['order'],
): ResolvedGroupFilter['after'] {
  const text = typeof cursor === 'string' ? Buffer.from(cursor, 'base64url').toString() : ''
  const [, writtenFor, digits, fingerprint] = CURSOR.exec(text) ?? []
  const value = Number(digits)
  if (writtenFor === order && Number.isSafeInteger(value) && fingerprint !== undefined)
    return { value, fingerprint: storableText(fingerprint) }
  throw new FilterError(
    'cursor',
    `nextCursor of the page before, ordered by ${order}`,
    show(cursor),
  )
}

function checkCounts(counts: NonNullable<GroupFilter['counts']>): GroupFilter['counts'] {
  const { from, to, bucketMs } = (counts ?? {}) as typeof counts
  if (!Number.isSafeInteger(from) || from < 0)
    throw new FilterError('counts.from', 'milliseconds since 1970', show(from))
  if (!Number.isSafeInteger(to) || to < from)
    throw new FilterError('counts.to', 'a time after from', show(to))
  const isWidth = Number.isSafeInteger(bucketMs) && bucketMs > 0 && bucketMs % GROUP_COUNT_MS === 0
  if (isWidth && (to - from) / bucketMs <= MAX_SPANS) return { from, to, bucketMs }
  const expected = `a multiple of ${GROUP_COUNT_MS}, an hour, that makes at most ${MAX_SPANS} spans`
  throw new FilterError('counts.bucketMs', expected, show(bucketMs))
}

/** A list that is empty finds nothing. */
function oneOf<Value extends string>(
  field: string,
  given: Value | readonly Value[] | undefined,
  known: readonly Value[],
): readonly Value[] | undefined {
  if (given === undefined) return undefined
  const values = Array.isArray(given) ? given : [given]
  if (values.every((value) => known.includes(value))) return values
  throw new FilterError(field, `one of ${known.join(', ')}, or a list of them`, show(given))
}
