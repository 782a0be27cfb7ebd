import type { Tally } from '@fastify-scs/store'
import type { ListedKind, RecordQuery, TallyQuery } from '../api/model.js'
import { BadRequestError } from '../api/refusals.js'
import { levelsOf, recordFilter } from '../record/record-filter.js'
import { spanOf } from '../record/time-span.js'
import type { Read } from './query-gate.js'

/** Counts the records of a kind by one field, in a span of 31 days at most. @throws BadRequestError, and as `store.tally` */
export async function tallyRecords(
  read: Read,
  kind: ListedKind,
  { by, limit, ...query }: TallyQuery,
): Promise<Tally> {
  const { from: _from, to: _to, ...filter } = recordFilter(query)
  const where = { ...filter, ...oneLevel(query) }
  const asked = { by, where, ...spanOf(query), ...(limit === undefined ? {} : { limit }) }
  return read((store) => store.tally(kind, asked))
}

/** A tally counts by one filter. @throws BadRequestError */
function oneLevel(query: RecordQuery): { readonly level?: string } {
  const [level, ...more] = levelsOf(query) ?? []
  if (more.length > 0) throw new BadRequestError('A tally takes one level')
  return level === undefined ? {} : { level }
}
