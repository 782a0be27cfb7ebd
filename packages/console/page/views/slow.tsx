import { keepPreviousData, useQuery } from '@tanstack/preact-query'
import { useMemo } from 'preact/hooks'
import { useApi } from '../api/context.js'
import { routesQuery } from '../api/queries.js'
import { useNow } from '../components/clock.js'
import { Empty } from '../components/empty.js'
import { Loaded } from '../components/loaded.js'
import { Page } from '../components/page.js'
import { Panel } from '../components/panel.js'
import { SpanSelect } from '../components/span-select.js'
import { REPORT_COLUMNS } from '../lists/columns.js'
import { RecordList } from '../lists/record-list.js'
import { type ListFilter, useRecordFilter } from '../lists/use-record-filter.js'
import { paths } from '../shell/paths.js'
import { useQueryParams } from '../shell/use-query-params.js'
import type { TimeSpan } from '../slow/latency-grid.js'
import { RoutePanel } from '../slow/route-panel.js'
import { routeSpan } from '../slow/route-span.js'
import { ROUTE_ORDERS, RouteTable } from '../slow/route-table.js'

/** Routes that are shown. */
const ROUTES = 20

/** The routes with their percentiles, one of them over time, and the reports of slow and stuck calls and of a blocked event loop. */
export function SlowView() {
  const list = useRecordFilter('reports')
  const now = useNow()
  const minute = Math.floor(now / 60_000) * 60_000
  const span = useMemo(() => routeSpan(list.filter, minute), [list.filter, minute])
  const { route } = list.filter
  return (
    <Page title="Slow calls">
      {route === undefined ? (
        <RoutesPanel list={list} span={span} />
      ) : (
        <RoutePanel
          route={route}
          span={span}
          aside={
            <span class="ways">
              <button type="button" class="quiet" onClick={() => list.set('route', undefined)}>
                All routes
              </button>
              <SpanSelect list={list} openLabel="Last 24 hours" />
            </span>
          }
        />
      )}
      <h2>Reports</h2>
      <RecordList
        kind="reports"
        label="Slow and stuck calls and blocked event loops, newest first"
        columns={REPORT_COLUMNS}
        always={{ status: 'slow,stuck,blocked' }}
        choices={['slow', 'stuck', 'blocked']}
        whenEmpty={
          <p>
            No call was slower than its limit, and none has blocked the event loop. Set limits with
            the options <code>maxMs</code>, <code>stuckAfterMs</code> and{' '}
            <code>blockedAfterMs</code> of slow-call; the first two for each route as well.
          </p>
        }
      />
    </Page>
  )
}

function RoutesPanel({ list, span }: { list: ListFilter; span: TimeSpan }) {
  const [params, change] = useQueryParams()
  const order = ROUTE_ORDERS.find((each) => each === params.get('order')) ?? 'p95'
  const query = useQuery({
    ...routesQuery(useApi(), { from: span.fromMs, to: span.toMs, order, limit: ROUTES }),
    placeholderData: keepPreviousData,
  })
  return (
    <Panel title="Routes" aside={<SpanSelect list={list} openLabel="Last 24 hours" />} isFlush>
      <Loaded query={query}>
        {(routes) =>
          routes.length === 0 ? (
            <Empty title="No calls in this time.">
              Routes show here a minute after their first call, once slow-call and the store are
              registered.
            </Empty>
          ) : (
            <RouteTable
              routes={routes}
              order={order}
              isStale={query.isPlaceholderData}
              toRoute={(route) => paths.slow({ ...list.filter, route })}
              onOrder={(by) => change({ order: by === 'p95' ? undefined : by })}
            />
          )
        }
      </Loaded>
    </Panel>
  )
}
