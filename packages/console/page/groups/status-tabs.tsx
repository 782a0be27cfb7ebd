import { useQuery } from '@tanstack/preact-query'
import { Link } from 'wouter-preact'
import { useApi } from '../api/context.js'
import { groupsQuery, REFRESH_MS } from '../api/queries.js'
import { paths } from '../shell/paths.js'
import { changedQuery, useQueryParams } from '../shell/use-query-params.js'
import { ALL, type GroupListFilter, groupListQuery, TABS, type Tab } from './group-filter.js'

/** Groups that a tab counts; more are shown as `99+`. */
const MOST = 99

/** Goes from one status to another; each says how many groups it has. */
export function StatusTabs({ filter }: { filter: GroupListFilter }) {
  const [params] = useQueryParams()
  const to = (tab: string): string =>
    `${paths.groups()}${changedQuery(params, { status: tab === 'open' ? undefined : tab })}`
  return (
    <nav aria-label="Status of groups" class="tabs">
      <ul>
        {[...TABS, ALL].map((tab) => (
          <li key={tab}>
            <Link
              href={to(tab)}
              {...(filter.tab === tab ? { 'aria-current': 'true' as const } : {})}
            >
              <span class="tab-name">{tab}</span>
              {tab !== ALL && <TabCount tab={tab as Tab} filter={filter} />}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function TabCount({ tab, filter }: { tab: Tab; filter: GroupListFilter }) {
  const asked = { ...groupListQuery({ ...filter, tab, order: 'lastSeen' }), limit: MOST + 1 }
  const { data } = useQuery({ ...groupsQuery(useApi(), asked), refetchInterval: REFRESH_MS })
  if (data === undefined) return <span class="tab-count"> </span>
  const { length } = data.items
  return <span class="tab-count number">{length > MOST ? `${MOST}+` : length}</span>
}
