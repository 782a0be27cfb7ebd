import { useQuery } from '@tanstack/preact-query'
import { useEffect } from 'preact/hooks'
import { useApi } from '../api/context.js'
import { REFRESH_MS, seriesQuery } from '../api/queries.js'
import { rangeOf, spanOf } from '../charts/range.js'
import { preloadDrawing } from '../charts/show-drawing.js'
import { useNow } from '../components/clock.js'
import { Loaded } from '../components/loaded.js'
import { Page } from '../components/page.js'
import { RangePicker } from '../components/range-picker.js'
import { OverviewCharts } from '../overview/charts.js'
import { NewGroups, TopGroups } from '../overview/group-lists.js'
import { RoutesPanel } from '../overview/routes-panel.js'
import { ServicesPanel } from '../overview/services-panel.js'
import { StorePanel } from '../overview/store-panel.js'
import { useQueryParams } from '../shell/use-query-params.js'
import { useRowKeys } from '../shell/use-row-keys.js'

/** What broke, since when and how often: the first page that the person on call sees. */
export function OverviewView() {
  const [params] = useQueryParams()
  const range = rangeOf(params.get('last'))
  const { from, to } = spanOf(range, useNow())
  const series = useQuery({ ...seriesQuery(useApi(), { from, to }), refetchInterval: REFRESH_MS })
  // Not only when the first answer is there.
  useEffect(preloadDrawing, [])
  const rows = useRowKeys<HTMLDivElement>()
  return (
    <Page title="Overview" aside={<RangePicker range={range} />}>
      <Loaded query={series}>{(answer) => <OverviewCharts answer={answer} range={range} />}</Loaded>
      <div ref={rows} class="overview-grid">
        <div class="stack">
          <TopGroups from={from} to={to} />
          <RoutesPanel from={from} to={to} range={range} />
        </div>
        <div class="stack">
          <NewGroups />
          <ServicesPanel from={from} to={to} range={range} />
        </div>
      </div>
      <StorePanel />
    </Page>
  )
}
