import { show } from '@fastify-scs/core/kit/plain'
import { FilterError } from '../errors.js'
import { type ResolvedTally, type RouteStatsQuery, TALLY_FIELDS, type TallyQuery } from '../port.js'
import { resolveFilter } from './filter.js'

/** The longest span of a tally and of route statistics, in milliseconds: 31 days. */
export const MAX_SPAN_MS: number = 31 * 86_400_000

const DEFAULT_ITEMS = 10
const MAX_ITEMS = 100
const MAX_ROUTES = 200
const MAX_SPANS = 1_000
const MINUTE_MS = 60_000

/** Checks a query and fills in its defaults. @throws FilterError */
export function resolveTally({
  by,
  from,
  to = Date.now(),
  limit = DEFAULT_ITEMS,
  where = {},
}: TallyQuery): ResolvedTally {
  if (!TALLY_FIELDS.includes(by))
    throw new FilterError('by', `one of ${TALLY_FIELDS.join(', ')}`, show(by))
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_ITEMS)
    throw new FilterError('limit', `a whole number from 1 to ${MAX_ITEMS}`, show(limit))
  const filter = resolveFilter({ ...where, from, to })
  checkSpan(filter.from, filter.to)
  return { by: by === 'type' ? 'fingerprint' : by, filter, limit }
}

/** Checks a query for the calls of routes. @throws FilterError */
export function checkRouteStatsQuery(query: RouteStatsQuery): void {
  const { from, to, bucketMs, limit = 1 } = query
  checkSpan(from, to)
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_ROUTES)
    throw new FilterError('limit', `a whole number from 1 to ${MAX_ROUTES}`, show(limit))
  if (bucketMs === undefined) return
  if (Number.isInteger(bucketMs) && bucketMs >= MINUTE_MS && (to - from) / bucketMs <= MAX_SPANS)
    return
  const expected = `a whole number of milliseconds from ${MINUTE_MS} that makes at most ${MAX_SPANS} spans`
  throw new FilterError('bucketMs', expected, show(bucketMs))
}

function checkSpan(from: number | undefined, to: number | undefined): void {
  if (from === undefined || !Number.isFinite(from))
    throw new FilterError('from', 'a time', show(from))
  if (to === undefined || !(to >= from) || to - from > MAX_SPAN_MS)
    throw new FilterError('to', 'a time after from, 31 days after it at most', show(to))
}
