import { useInfiniteQuery } from '@tanstack/preact-query'
import type { GroupPage } from '../../src/api/model.js'
import { useApi } from '../api/context.js'
import { REFRESH_MS } from '../api/queries.js'
import { Empty } from '../components/empty.js'
import { Loaded } from '../components/loaded.js'
import { MoreButton } from '../components/more-button.js'
import { Page } from '../components/page.js'
import { GroupFilterBar } from '../groups/filter-bar.js'
import {
  type GroupListFilter,
  groupListQuery,
  isNarrowed,
  readGroupFilter,
} from '../groups/group-filter.js'
import { GroupRow } from '../groups/group-row.js'
import { StatusTabs } from '../groups/status-tabs.js'
import { useQueryParams } from '../shell/use-query-params.js'
import { useRowKeys } from '../shell/use-row-keys.js'

const PAGE_ROWS = 50

/** The groups of errors. */
export function GroupsView() {
  const [params] = useQueryParams()
  const filter = readGroupFilter(params)
  const query = useGroupPages(filter)
  const list = useRowKeys<HTMLUListElement>()
  return (
    <Page title="Errors" aside={<GroupFilterBar filter={filter} />}>
      <StatusTabs filter={filter} />
      <Loaded query={query}>
        {({ pages }) => {
          const rows = pages.flatMap(({ items, counts }) =>
            items.map((group) => ({ group, span: counts })),
          )
          if (rows.length === 0) return <NoGroups filter={filter} />
          return (
            <>
              <ul ref={list} class="group-list" aria-label="Groups of errors">
                {rows.map(({ group, span }) => (
                  <GroupRow key={group.fingerprint} group={group} span={span} />
                ))}
              </ul>
              <MoreButton list={query} />
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}

function useGroupPages(filter: GroupListFilter) {
  const api = useApi()
  const asked = { ...groupListQuery(filter), limit: PAGE_ROWS }
  return useInfiniteQuery({
    queryKey: ['group-pages', asked],
    queryFn: ({ pageParam, signal }) =>
      api.get<GroupPage>('groups', { ...asked, cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: REFRESH_MS,
  })
}

function NoGroups({ filter }: { filter: GroupListFilter }) {
  const [, change] = useQueryParams()
  if (isNarrowed(filter))
    return (
      <Empty title="No group matches.">
        <button
          type="button"
          onClick={() =>
            change({
              kind: undefined,
              text: undefined,
              assignee: undefined,
              firstRelease: undefined,
            })
          }
        >
          Take the filters away
        </button>
      </Empty>
    )
  if (filter.tab === 'open' || filter.tab === 'all')
    return (
      <Empty title="No open groups of errors.">
        When something crashes, or <code>request.reportError</code> is called, it shows here within
        seconds. To see one, call a route that throws.
      </Empty>
    )
  return (
    <Empty title={`No ${filter.tab} groups.`}>
      {filter.tab === 'regressed'
        ? 'A group that was resolved and came again in a newer release shows here.'
        : `Open a group and choose ${filter.tab === 'muted' ? 'Mute' : 'Resolve'}; it moves here.`}
    </Empty>
  )
}
