import { useQuery } from '@tanstack/preact-query'
import type { ComponentChildren } from 'preact'
import { Link } from 'wouter-preact'
import type { GroupPage } from '../../src/api/model.js'
import { useApi } from '../api/context.js'
import { groupsQuery, REFRESH_MS, releasesQuery } from '../api/queries.js'
import { Empty } from '../components/empty.js'
import { Loaded } from '../components/loaded.js'
import { Panel } from '../components/panel.js'
import { Ago } from '../components/time.js'
import { GroupRow } from '../groups/group-row.js'
import { paths } from '../shell/paths.js'

const SHOWN = 5

/** The groups that occur most, of those that were seen in the span. */
export function TopGroups({ from, to }: { from: number; to: number }) {
  const query = useQuery({
    ...groupsQuery(useApi(), {
      status: 'open,regressed',
      seenFrom: from,
      order: 'occurrences',
      limit: SHOWN,
      countsFrom: from,
      countsTo: to,
    }),
    placeholderData: (before) => before,
    refetchInterval: REFRESH_MS,
  })
  return (
    <Panel title="Top groups" isFlush aside={<Link href={paths.groups()}>All groups</Link>}>
      <Loaded query={query}>
        {(page) => (
          <GroupList page={page} label="Top groups">
            <Empty title="Nothing broke in this time.">
              Choose a longer time, or look at{' '}
              <Link href={paths.groups({ status: 'all' })}>all groups</Link>.
            </Empty>
          </GroupList>
        )}
      </Loaded>
    </Panel>
  )
}

/** The groups that were seen for the first time in the newest release. */
export function NewGroups() {
  const api = useApi()
  const releases = useQuery(releasesQuery(api))
  const newest = releases.data?.[0]
  const query = useQuery({
    ...groupsQuery(api, {
      firstRelease: newest?.release,
      order: 'firstSeen',
      limit: SHOWN,
    }),
    enabled: newest !== undefined,
    refetchInterval: REFRESH_MS,
  })
  if (releases.data !== undefined && newest === undefined) return <NoReleases />
  return (
    <Panel
      title={newest === undefined ? 'New since the last release' : `New in ${newest.release}`}
      isFlush
      aside={
        newest !== undefined && (
          <>
            released <Ago at={newest.firstSeenAt} /> ·{' '}
            <Link href={paths.groups({ status: 'all', firstRelease: newest.release })}>
              {newest.newGroups} new
            </Link>
          </>
        )
      }
    >
      <Loaded query={query}>
        {(page) => (
          <GroupList page={page} label="New groups">
            <Empty title="Nothing new broke in this release." />
          </GroupList>
        )}
      </Loaded>
    </Panel>
  )
}

function GroupList({
  page,
  label,
  children,
}: {
  page: GroupPage
  label: string
  /** Shown where there are none. */
  children: ComponentChildren
}) {
  if (page.items.length === 0) return <>{children}</>
  return (
    <ul class="group-list group-list-short" aria-label={label}>
      {page.items.map((group) => (
        <GroupRow key={group.fingerprint} group={group} span={page.counts} />
      ))}
    </ul>
  )
}

function NoReleases() {
  return (
    <Panel title="New since the last release">
      <Empty title="No release is known.">
        Give error-reporter the option <code>apiVersion</code>, and what is new in each release
        shows here.
      </Empty>
    </Panel>
  )
}
