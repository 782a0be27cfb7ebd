import { keepPreviousData, useQuery } from '@tanstack/preact-query'
import type { ComponentChildren } from 'preact'
import type { RouteRow } from '../../src/api/model.js'
import { useApi } from '../api/context.js'
import { routesQuery } from '../api/queries.js'
import { Empty } from '../components/empty.js'
import { Loaded } from '../components/loaded.js'
import { countText, shareText } from '../components/number-text.js'
import { Facts, Panel } from '../components/panel.js'
import { At, Duration } from '../components/time.js'
import { durationText } from '../components/time-text.js'
import { HeatMap } from './heat-map.js'
import { latencyGrid, type TimeSpan } from './latency-grid.js'

/** One route: its figures, and how its durations changed over time. */
export function RoutePanel({
  route,
  span,
  aside,
}: {
  route: string
  span: TimeSpan
  aside: ComponentChildren
}) {
  const { fromMs, toMs, bucketMs } = span
  const query = useQuery({
    ...routesQuery(useApi(), { from: fromMs, to: toMs, route, bucketMs }),
    placeholderData: keepPreviousData,
  })
  return (
    <Panel title={route} aside={aside}>
      <Loaded query={query}>
        {([found]) =>
          found === undefined || found.calls === 0 ? (
            <Empty title="No call of this route in this time.">Choose a longer time.</Empty>
          ) : (
            <RouteFigures route={found} span={span} />
          )
        }
      </Loaded>
    </Panel>
  )
}

function RouteFigures({ route, span }: { route: RouteRow; span: TimeSpan }) {
  const { calls, failed, slow, stuck, aborted, p50Ms, p95Ms, p99Ms, meanMs, maxMs } = route
  return (
    <>
      <Facts
        rows={[
          ['Calls', countText(calls)],
          ['Failed', `${countText(failed)} (${shareText(failed / calls)})`],
          ['Slow, stuck', `${countText(slow)}, ${countText(stuck)}`],
          ['Left by clients', countText(aborted)],
          [
            'p50, p95, p99',
            `${durationText(p50Ms)}, ${durationText(p95Ms)}, ${durationText(p99Ms)}`,
          ],
          ['Mean, longest', `${durationText(meanMs)}, ${durationText(maxMs)}`],
        ]}
      />
      <h3>Durations over time</h3>
      <HeatMap
        grid={latencyGrid(route, span)}
        over={route.over}
        label={`Durations of ${route.route} over time; the stronger the colour, the more calls`}
      />
      <details>
        <summary>The same as a table</summary>
        <SpanTable route={route} />
      </details>
    </>
  )
}

function SpanTable({ route }: { route: RouteRow }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
    <section class="scroll-table" aria-label="Durations by time" tabIndex={0}>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">Calls</th>
            <th scope="col">p50</th>
            <th scope="col">p95</th>
            <th scope="col">p99</th>
          </tr>
        </thead>
        <tbody>
          {route.over.map(({ at, calls, p50Ms, p95Ms, p99Ms }) => (
            <tr key={at}>
              <th scope="row">
                <At at={at} />
              </th>
              <td>{countText(calls)}</td>
              <td>
                <Duration ms={p50Ms} />
              </td>
              <td>
                <Duration ms={p95Ms} />
              </td>
              <td>
                <Duration ms={p99Ms} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
