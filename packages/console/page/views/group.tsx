import { useQuery, useQueryClient } from '@tanstack/preact-query'
import { useMemo } from 'preact/hooks'
import { Link } from 'wouter-preact'
import type { GroupDetail } from '../../src/api/model.js'
import { useApi } from '../api/context.js'
import { groupQuery, REFRESH_MS } from '../api/queries.js'
import { CountChart } from '../charts/count-chart.js'
import type { SeriesColor } from '../charts/drawing.js'
import { type RangeName, rangeOf, spanOf } from '../charts/range.js'
import { StatusBadge } from '../components/badge.js'
import { useNow } from '../components/clock.js'
import { Loaded } from '../components/loaded.js'
import { countOf } from '../components/number-text.js'
import { Page } from '../components/page.js'
import { Panel } from '../components/panel.js'
import { RangePicker } from '../components/range-picker.js'
import { Ago } from '../components/time.js'
import { knownDetail } from '../groups/cached-groups.js'
import { ConflictNotice } from '../groups/conflict-notice.js'
import { GroupReports } from '../groups/group-reports.js'
import { usersText } from '../groups/group-row.js'
import { type GroupTitle, readTitle } from '../groups/group-title.js'
import { StatusButtons } from '../groups/status-buttons.js'
import { StatusPanel } from '../groups/status-panel.js'
import { TallyPanel } from '../groups/tally-panel.js'
import { type GroupChanger, useGroupChange } from '../groups/use-group-change.js'
import { paths } from '../shell/paths.js'
import { useQueryParams } from '../shell/use-query-params.js'
import type { ViewProps } from '../shell/view-props.js'

/** Of a chart with one series. */
const COLORS: readonly SeriesColor[] = ['series-3']
/** Groups are counted in whole hours. */
const RANGES: readonly RangeName[] = ['24h', '7d', '30d']

/** One group of errors: since when, how often, for whom, and what becomes of it. */
export function GroupView({ params: { fingerprint = '' } }: ViewProps) {
  const queries = useQueryClient()
  const [params] = useQueryParams()
  const range = rangeOf(params.get('last'), RANGES)
  const query = useQuery({
    ...groupQuery(useApi(), fingerprint, spanOf(range, useNow())),
    // What is shown already, or what the list knows, stays until the answer is there.
    placeholderData: (before) => before ?? knownDetail(queries, fingerprint),
    refetchInterval: REFRESH_MS,
  })
  const group = query.data?.group
  const changer = useGroupChange(fingerprint, group)
  const title = readTitle(group?.title ?? 'Group of errors')
  return (
    <Page
      title={title.headline}
      aside={group !== undefined && <StatusButtons group={group} change={changer.change} />}
    >
      {changer.conflict !== undefined && <ConflictNotice changer={changer} />}
      <Loaded query={query}>
        {(detail) => <Detail detail={detail} title={title} changer={changer} range={range} />}
      </Loaded>
    </Page>
  )
}

function Detail({
  detail,
  title,
  changer,
  range,
}: {
  detail: GroupDetail
  title: GroupTitle
  changer: GroupChanger
  range: RangeName
}) {
  const { group, counts, routes, users, releases, statusCodes } = detail
  const series = useMemo(() => [{ name: 'Occurrences', points: [...group.counts] }], [group.counts])
  return (
    <>
      <p class="meta">
        {group.kind !== null && <StatusBadge status={group.kind} />}
        {title.endpoint !== undefined && !title.headline.startsWith(title.endpoint) && (
          <span class="mono wrap">{title.endpoint}</span>
        )}
        {title.code !== undefined && <span class="wrap">{title.code}</span>}
        <span>{countOf(group.occurrences, 'occurrence')}</span>
        <span>{usersText(group.users)}</span>
        <span>
          last seen <Ago at={group.lastSeenAt} />
        </span>
        <span>
          first seen <Ago at={group.firstSeenAt} />
          {group.firstRelease === null ? '' : ` in ${group.firstRelease}`}
        </span>
        {group.sampleId !== null && (
          <Link class="button" href={paths.report(group.sampleId)}>
            Newest report
          </Link>
        )}
      </p>
      <div class="columns group-columns">
        <Panel title="Occurrences" aside={<RangePicker range={range} ranges={RANGES} />}>
          <CountChart label="Occurrences" series={series} span={counts} colors={COLORS} />
        </Panel>
        <div class="stack">
          <StatusPanel group={group} changer={changer} />
          <TallyPanel title="Routes" items={routes} />
          <TallyPanel
            title="Users"
            items={users}
            linkOf={(user) => <Link href={paths.user(user)}>{user}</Link>}
          />
          <TallyPanel title="Releases" items={releases} />
          <TallyPanel title="Status codes" items={statusCodes} />
        </div>
        <GroupReports fingerprint={group.fingerprint} />
      </div>
    </>
  )
}
