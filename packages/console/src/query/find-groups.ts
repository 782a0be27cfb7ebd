import type { GroupFilter, Store } from '@fastify-scs/store'
import type { Group, GroupDetail, GroupPage, GroupQuery, SpanQuery } from '../api/model.js'
import { NotFoundError } from '../api/refusals.js'
import { groupOf } from '../record/groups.js'
import { listOf, timeOf } from '../record/record-filter.js'
import { groupSpan, spanOf, sparkSpan } from '../record/time-span.js'
import type { Read } from './query-gate.js'

const MONTH_MS = 31 * 86_400_000
/** Values of each tally of a group. */
const TALLIED = 20

/** Finds a page of groups. @throws BadRequestError, and as `store.groups` */
export async function findGroups(read: Read, query: GroupQuery): Promise<GroupPage> {
  const { countsFrom, countsTo, status, kind, seenFrom, newFrom, ...same } = query
  const counts = countsOf(countsFrom, countsTo)
  const filter = {
    ...same,
    counts,
    ...(status === undefined ? {} : { status: listOf(status) }),
    ...(kind === undefined ? {} : { kind: listOf(kind) }),
    ...(seenFrom === undefined ? {} : { seenFrom: timeOf('seenFrom', seenFrom) }),
    ...(newFrom === undefined ? {} : { newFrom: timeOf('newFrom', newFrom) }),
    // The store checks that the values are ones it knows.
  } as GroupFilter
  const page = await read((store) => store.groups(filter))
  const { nextCursor } = page
  const items = page.items.map(groupOf)
  return { items, counts, ...(nextCursor === undefined ? {} : { nextCursor }) }
}

/** One group. @throws NotFoundError */
export async function findGroup(
  read: Read,
  fingerprint: string,
  counts: GroupPage['counts'] = countsOf(undefined, undefined),
): Promise<Group> {
  const find = (store: Store) => store.groups({ fingerprint, limit: 1, counts })
  const [found] = (await read(find)).items
  if (found === undefined) throw new NotFoundError('There is no such group')
  return groupOf(found)
}

/** One group, with the values that its reports of the last 31 days have. @throws NotFoundError, BadRequestError */
export async function groupDetail(
  read: Read,
  fingerprint: string,
  span: SpanQuery = {},
): Promise<GroupDetail> {
  const counts = groupSpan(spanOf(span))
  const group = await findGroup(read, fingerprint, counts)
  const to = Date.now()
  const tally = async (by: 'route' | 'user' | 'release' | 'statusCode') => {
    const query = { by, from: to - MONTH_MS, to, limit: TALLIED, where: { fingerprint } }
    return [...(await read((store) => store.tally('reports', query))).items]
  }
  const [routes, users, releases, statusCodes] = await Promise.all([
    tally('route'),
    tally('user'),
    tally('release'),
    tally('statusCode'),
  ])
  return { group, counts, routes, users, releases, statusCodes }
}

function countsOf(from: string | undefined, to: string | undefined): GroupPage['counts'] {
  const given = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
  return sparkSpan(spanOf(given))
}
