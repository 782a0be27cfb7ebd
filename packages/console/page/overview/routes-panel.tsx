import { useQuery } from '@tanstack/preact-query'
import { Link } from 'wouter-preact'
import type { RouteRow } from '../../src/api/model.js'
import { useApi } from '../api/context.js'
import { routesQuery } from '../api/queries.js'
import type { RangeName } from '../charts/range.js'
import { Empty } from '../components/empty.js'
import { Loaded } from '../components/loaded.js'
import { shareText, shortCountText } from '../components/number-text.js'
import { Panel } from '../components/panel.js'
import { PathText } from '../components/path-text.js'
import { Duration } from '../components/time.js'
import { paths } from '../shell/paths.js'

/** The routes with the highest 95th percentile. */
export function RoutesPanel({ from, to, range }: { from: number; to: number; range: RangeName }) {
  const query = useQuery(routesQuery(useApi(), { from, to, order: 'p95', limit: 8 }))
  return (
    <Panel title="Slowest routes" isFlush>
      <Loaded query={query}>
        {(rows) => (rows.length === 0 ? <NoRoutes /> : <RoutesTable rows={rows} range={range} />)}
      </Loaded>
    </Panel>
  )
}

function NoRoutes() {
  return (
    <Empty title="No calls were measured in this time.">
      Register <code>@fastify-scs/slow-call</code> beside the store, and each route's times show
      here.
    </Empty>
  )
}

function RoutesTable({ rows, range }: { rows: readonly RouteRow[]; range: RangeName }) {
  return (
    <div class="sideways">
      <table class="table">
        <caption class="hidden">Slowest routes, by the 95th percentile</caption>
        <thead>
          <tr>
            <th scope="col">Route</th>
            <th scope="col" class="right wide-only">
              Calls
            </th>
            <th scope="col" class="right">
              Failed
            </th>
            <th scope="col" class="right wide-only">
              p50
            </th>
            <th scope="col" class="right">
              p95
            </th>
            <th scope="col" class="right">
              p99
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.route}>
              <th scope="row">
                <Link href={paths.slow({ route: row.route, last: range })}>
                  <PathText path={row.route} />
                </Link>
              </th>
              <td class="right number wide-only">{shortCountText(row.calls)}</td>
              <td class="right number">
                {row.failed === 0 ? (
                  <span class="muted">0</span>
                ) : (
                  shareText(row.failed / row.calls)
                )}
              </td>
              <td class="right wide-only">
                <Duration ms={row.p50Ms} />
              </td>
              <td class="right strong">
                <Duration ms={row.p95Ms} />
              </td>
              <td class="right">
                <Duration ms={row.p99Ms} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
