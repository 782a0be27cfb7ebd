import type { InfiniteData, QueryClient } from '@tanstack/preact-query'
import type { Group, GroupDetail, GroupPage } from '../../src/api/model.js'

/** What the lists already know of a group, so that its page shows at once; undefined where they know nothing. */
export function knownDetail(queries: QueryClient, fingerprint: string): GroupDetail | undefined {
  for (const page of cachedPages(queries)) {
    const group = page.items.find((each) => each.fingerprint === fingerprint)
    if (group !== undefined)
      return { group, counts: page.counts, routes: [], users: [], releases: [], statusCodes: [] }
  }
  return undefined
}

/** Puts a changed group wherever the group is shown. Its counts stay: a change says nothing of them. */
export function showGroup(queries: QueryClient, changed: Group): void {
  const replaced = (group: Group): Group =>
    group.fingerprint === changed.fingerprint
      ? { ...changed, counts: group.counts, sampleId: changed.sampleId ?? group.sampleId }
      : group
  const inPage = (page: GroupPage): GroupPage => ({ ...page, items: page.items.map(replaced) })
  queries.setQueriesData<GroupDetail>({ queryKey: ['group', changed.fingerprint] }, (detail) =>
    detail === undefined ? undefined : { ...detail, group: replaced(detail.group) },
  )
  queries.setQueriesData<GroupPage>({ queryKey: ['groups'] }, (page) =>
    page === undefined ? undefined : inPage(page),
  )
  queries.setQueriesData<InfiniteData<GroupPage>>({ queryKey: ['group-pages'] }, (data) =>
    data === undefined ? undefined : { ...data, pages: data.pages.map(inPage) },
  )
}

/** Asks anew for every list of groups, since a group has moved from one to another. */
export function refreshGroups(queries: QueryClient, fingerprint: string): void {
  void queries.invalidateQueries({ queryKey: ['group', fingerprint] })
  void queries.invalidateQueries({ queryKey: ['groups'] })
  void queries.invalidateQueries({ queryKey: ['group-pages'] })
}

function cachedPages(queries: QueryClient): readonly GroupPage[] {
  const lists = queries.getQueriesData<InfiniteData<GroupPage>>({ queryKey: ['group-pages'] })
  const short = queries.getQueriesData<GroupPage>({ queryKey: ['groups'] })
  return [
    ...lists.flatMap(([, data]) => data?.pages ?? []),
    ...short.flatMap(([, page]) => (page === undefined ? [] : [page])),
  ]
}
