import type { GroupFilter, Store } from '@fastify-scs/store'
import { Type } from '@sinclair/typebox'
import { readerFor } from '../query/reader.js'
import { groupOf } from '../record/groups.js'
import { listOf, timeOf } from '../record/record-filter.js'
import { groupSpan, spanFields, spanOf, sparkSpan } from '../record/time-span.js'
import type { ConsoleRoutes } from './console-routes.js'
import { type Group, GroupDetail, GroupPage } from './model.js'
import type { ApiParts, Read } from './parts.js'
import { NotFoundError } from './refusals.js'

const MONTH_MS = 31 * 86_400_000
/** Values of each tally of a group. */
const TALLIED = 20

const countsFields = {
  countsFrom: Type.Optional(Type.String()),
  countsTo: Type.Optional(Type.String()),
}

const GroupQuery = Type.Object(
  {
    ...countsFields,
    /** One or several, with commas between. */
    status: Type.Optional(Type.String()),
    kind: Type.Optional(Type.String()),
    text: Type.Optional(Type.String()),
    assignee: Type.Optional(Type.String()),
    firstRelease: Type.Optional(Type.String()),
    seenFrom: Type.Optional(Type.String()),
    newFrom: Type.Optional(Type.String()),
    order: Type.Optional(
      Type.Union([
        Type.Literal('lastSeen'),
        Type.Literal('firstSeen'),
        Type.Literal('occurrences'),
      ]),
    ),
    cursor: Type.Optional(Type.String()),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  { additionalProperties: false },
)

const DetailQuery = Type.Object(spanFields, { additionalProperties: false })

/** Declares the list of groups and the page of one. */
export function groupRoutes(routes: ConsoleRoutes, parts: ApiParts): void {
  routes.get(
    '/api/groups',
    { query: GroupQuery, answer: GroupPage },
    async ({ query: { countsFrom, countsTo, ...query }, reply }): Promise<GroupPage> => {
      const counts = countsOf(countsFrom, countsTo)
      const { status, kind, seenFrom, newFrom, ...same } = query
      const filter = {
        ...same,
        counts,
        ...(status === undefined ? {} : { status: listOf(status) }),
        ...(kind === undefined ? {} : { kind: listOf(kind) }),
        ...(seenFrom === undefined ? {} : { seenFrom: timeOf('seenFrom', seenFrom) }),
        ...(newFrom === undefined ? {} : { newFrom: timeOf('newFrom', newFrom) }),
        // The store checks that the values are ones it knows.
      } as GroupFilter
      const page = await readerFor(parts, reply)((store) => store.groups(filter))
      const { nextCursor } = page
      const items = page.items.map(groupOf)
      return { items, counts, ...(nextCursor === undefined ? {} : { nextCursor }) }
    },
  )

  // A wildcard, since a parameter has a limit of its length and a fingerprint of the application's may be any text.
  routes.get(
    '/api/groups/*',
    { query: DetailQuery, answer: GroupDetail },
    async ({ params, query, reply }): Promise<GroupDetail> => {
      const read = readerFor(parts, reply)
      const counts = groupSpan(spanOf(query))
      const fingerprint = params['*'] ?? ''
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
    },
  )
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

function countsOf(from: string | undefined, to: string | undefined): GroupPage['counts'] {
  const given = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
  return sparkSpan(spanOf(given))
}
