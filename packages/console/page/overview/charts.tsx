import { useMemo } from 'preact/hooks'
import { Link } from 'wouter-preact'
import type { OverviewSeries, Series } from '../../src/api/model.js'
import { CountChart, type CountChartProps } from '../charts/count-chart.js'
import type { SeriesColor } from '../charts/drawing.js'
import type { RangeName } from '../charts/range.js'
import { Panel } from '../components/panel.js'
import { paths } from '../shell/paths.js'

const CRASHES: readonly SeriesColor[] = ['series-1', 'series-2']
const SLOW: readonly SeriesColor[] = ['series-2', 'series-4', 'series-1']
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
  const drawn = { span, markers }
  return (
    <div class="chart-grid">
      <ChartPanel
        {...drawn}
        title="Crashes and other reports"
        series={crashes}
        colors={CRASHES}
        all={paths.reports({ status: 'fatal,non-fatal', last: range })}
      />
      <ChartPanel
        {...drawn}
        title="Slow, stuck and blocked"
        series={slow}
        colors={SLOW}
        all={paths.slow({ last: range })}
      />
      <ChartPanel
        {...drawn}
        title="Failed calls by service"
        series={answer.failedCalls}
        colors={SERVICES}
        all={paths.calls({ status: 'Failed', last: range })}
      />
      <ChartPanel
        {...drawn}
        title="Audit events by level"
        series={levels}
        colors={levelColors}
        all={paths.audit({ last: range })}
      />
    </div>
  )
}

function ChartPanel({
  title,
  all,
  ...chart
}: Omit<CountChartProps, 'label'> & {
  title: string
  /** Where all that is counted is listed. */
  all: string
}) {
  return (
    <Panel
      title={title}
      aside={
        <Link href={all}>
          All<span class="hidden"> {title.toLowerCase()}</span>
        </Link>
      }
    >
      <CountChart label={title} {...chart} />
    </Panel>
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
    slow: [named('slow', 'Slow'), named('stuck', 'Stuck'), named('blocked', 'Blocked')],
    levels,
    levelColors: levels.map(({ name }) => LEVELS[name] ?? 'series-5'),
  }
}

/** The worst level is drawn on top. */
function severityOf({ name }: Series): number {
  return ['DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].indexOf(name)
}
