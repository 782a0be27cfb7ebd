import { useMemo } from 'preact/hooks'
import { Link } from 'wouter-preact'
import type { OverviewSeries, Series } from '../../src/api/model.js'
import { CountChart } from '../charts/count-chart.js'
import type { SeriesColor } from '../charts/drawing.js'
import type { RangeName } from '../charts/range.js'
import { Panel } from '../components/panel.js'
import { paths } from '../shell/paths.js'

const CRASHES: readonly SeriesColor[] = ['series-1', 'series-2']
const SLOW: readonly SeriesColor[] = ['series-2', 'series-4']
const SERVICES: readonly SeriesColor[] = [
  'series-3',
  'series-6',
  'series-4',
  'series-7',
  'series-5',
  'series-2',
  'series-1',
  'series-8',
  'series-3',
  'series-6',
]
const LEVELS: Readonly<Record<string, SeriesColor>> = {
  FATAL: 'series-7',
  ERROR: 'series-1',
  WARN: 'series-2',
  INFO: 'series-3',
  DEBUG: 'series-8',
}

/** What happened over time, with the releases that began within it. */
export function OverviewCharts({ answer, range }: { answer: OverviewSeries; range: RangeName }) {
  const { span, markers, crashes, slow, levels, levelColors } = useMemo(
    () => chartsOf(answer),
    [answer],
  )
  return (
    <div class="chart-grid">
      <Panel title="Crashes and other reports" aside={<Link href={paths.groups()}>Groups</Link>}>
        <CountChart
          label="Crashes and other reports"
          series={crashes}
          span={span}
          colors={CRASHES}
          markers={markers}
        />
      </Panel>
      <Panel
        title="Slow and stuck calls"
        aside={<Link href={paths.slow({ last: range })}>All</Link>}
      >
        <CountChart
          label="Slow and stuck calls"
          series={slow}
          span={span}
          colors={SLOW}
          markers={markers}
        />
      </Panel>
      <Panel
        title="Failed calls by service"
        aside={<Link href={paths.calls({ status: 'Failed', last: range })}>All</Link>}
      >
        <CountChart
          label="Failed calls by service"
          series={answer.failedCalls}
          span={span}
          colors={SERVICES}
          markers={markers}
        />
      </Panel>
      <Panel title="Audit events" aside={<Link href={paths.audit({ last: range })}>All</Link>}>
        <CountChart
          label="Audit events by level"
          series={levels}
          span={span}
          colors={levelColors}
          markers={markers}
        />
      </Panel>
    </div>
  )
}

function chartsOf({ from, to, bucketMs, reports, auditEvents, releases }: OverviewSeries) {
  const named = (name: string, label: string): Series => ({
    name: label,
    points: reports.find((series) => series.name === name)?.points ?? [],
  })
  const levels = [...auditEvents].sort((a, b) => severityOf(a) - severityOf(b))
  return {
    span: { from, to, bucketMs },
    markers: releases
      .map(({ release, at }) => ({ at, label: release }))
      .sort((a, b) => a.at - b.at),
    crashes: [named('fatal', 'Crashes'), named('non-fatal', 'Non-fatal')],
    slow: [named('slow', 'Slow'), named('stuck', 'Stuck')],
    levels,
    levelColors: levels.map(({ name }) => LEVELS[name] ?? 'series-5'),
  }
}

/** The worst level is drawn on top. */
function severityOf({ name }: Series): number {
  return ['DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].indexOf(name)
}
