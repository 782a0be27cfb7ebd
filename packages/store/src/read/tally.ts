import { show } from '@fastify-scs/core/kit/plain'
import { FilterError } from '../errors.js'
import { type ResolvedTally, TALLY_FIELDS, type TallyField, type TallyQuery } from '../port.js'
import { checkFields, limitOf, resolveFilter } from './filter.js'

/** The longest span of a tally and of route statistics, in milliseconds: 31 days. */
export const MAX_SPAN_MS: number = 31 * 86_400_000

const DEFAULT_ITEMS = 10
const MAX_ITEMS = 100
const FIELDS: ReadonlySet<string> = new Set(['by', 'from', 'to', 'limit', 'where'])
/** Fields of a filter that a tally has apart, or not at all. */
const NOT_IN_WHERE = ['from', 'to', 'text', 'cursor', 'limit'] as const

/** Checks a query and fills in its defaults. @throws FilterError */
export function resolveTally(query: TallyQuery): ResolvedTally {
  checkFields(query, FIELDS)
  const { by, from, to = Date.now(), where = {} } = query
  checkTallyField(by)
  if (typeof where !== 'object' || where === null)
    throw new FilterError('where', 'an object of fields', show(where))
  for (const name of NOT_IN_WHERE) {
    if (name in where) throw new FilterError(`where.${name}`, 'no such field', show(name))
  }
  const filter = resolveFilter({ ...where, from, to })
  checkSpan(filter.from, filter.to)
  const limit = limitOf(query.limit, DEFAULT_ITEMS, MAX_ITEMS)
  return { by: by === 'type' ? 'fingerprint' : by, filter, limit }
}

/** Checks what records are to be counted by, which names a column and may come from a URL. @throws FilterError */
export function checkTallyField(by: TallyField): void {
  if (TALLY_FIELDS.includes(by)) return
  throw new FilterError('by', `one of ${TALLY_FIELDS.join(', ')}`, show(by))
}

/** Checks a span of time, of 31 days at most. @throws FilterError */
export function checkSpan(from: number | undefined, to: number | undefined): void {
  if (from === undefined || !Number.isFinite(from))
    throw new FilterError('from', 'a time', show(from))
  if (to === undefined || !(to >= from) || to - from > MAX_SPAN_MS)
    throw new FilterError('to', 'a time after from, 31 days after it at most', show(to))
}
