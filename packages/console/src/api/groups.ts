import { storeReaderFor } from '../query/reader.js'
import type { ConsoleRoutes } from './console-routes.js'
import { GroupDetail, GroupPage, GroupQuery, SpanQuery } from './model.js'
import type { ApiParts } from './parts.js'

/** Declares the list of groups and the page of one. */
export function groupRoutes(routes: ConsoleRoutes, parts: ApiParts): void {
  routes.get(
    '/api/groups',
    { query: GroupQuery, answer: GroupPage },
    async ({ query, reply }): Promise<GroupPage> => storeReaderFor(parts, reply).groups(query),
  )

  // A wildcard, since a parameter has a limit of its length and a fingerprint of the application's may be any text.
  routes.get(
    '/api/groups/*',
    { query: SpanQuery, answer: GroupDetail },
    async ({ params, query, reply }): Promise<GroupDetail> =>
      storeReaderFor(parts, reply).group(params['*'] ?? '', query),
  )
}
