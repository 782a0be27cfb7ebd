import type { RouteRow } from '../../src/api/model.js'
import { countOf } from '../components/number-text.js'
import { axisText, durationText, localText } from '../components/time-text.js'
import { type LatencyGrid, strengthOf } from './latency-grid.js'
import { percentileLines } from './percentile-lines.js'

/** Labels at the side of the map, at most. */
const LABELS = 8

/** The percentiles that are drawn as lines. */
const LINES = [
  { name: 'p95', ms: ({ p95Ms }: RouteRow['over'][number]) => p95Ms },
  { name: 'p50', ms: ({ p50Ms }: RouteRow['over'][number]) => p50Ms },
] as const

/** How many calls took how long, by time: the stronger the colour, the more. Lines say how the percentiles moved. */
export function HeatMap({
  grid,
  over,
  label,
}: {
  grid: LatencyGrid
  over: RouteRow['over']
  label: string
}) {
  const { times, rows } = grid
  const spanMs = times.length * grid.bucketMs
  const marks = [0, 1, 2, 3].map((part) => times[Math.floor((part / 4) * times.length)] ?? 0)
  const every = Math.ceil(rows.length / LABELS)
  return (
    <figure class="heat" aria-label={label}>
      <ol class="heat-rows" aria-hidden="true">
        {[...rows].reverse().map(({ toMs }, index) => (
          <li key={toMs}>{index % every === 0 ? durationText(toMs) : ''}</li>
        ))}
      </ol>
      <svg
        class="heat-map"
        viewBox={`0 0 ${times.length} ${rows.length}`}
        preserveAspectRatio="none"
        role="img"
        aria-label="Durations over time; the table below says the same"
      >
        {times.map((at, column) => (
          <HeatColumn key={at} grid={grid} column={column} />
        ))}
        {LINES.map(({ name, ms }) =>
          percentileLines(grid, over, ms).map((points) => (
            <polyline key={points} class={`heat-line heat-${name}`} points={points} />
          )),
        )}
      </svg>
      <ol class="heat-times" aria-hidden="true">
        {marks.map((at) => (
          <li key={at}>{axisText(at, spanMs)}</li>
        ))}
      </ol>
      <figcaption class="heat-legend">
        {LINES.map(({ name }) => (
          <span key={name}>
            <span class={`heat-mark heat-mark-${name}`} aria-hidden="true" /> {name}
          </span>
        ))}
        <span class="muted">The stronger the colour, the more calls</span>
      </figcaption>
    </figure>
  )
}

function HeatColumn({ grid, column }: { grid: LatencyGrid; column: number }) {
  const { rows, counts, times, most } = grid
  const cells = counts[column] ?? []
  return (
    <g>
      {cells.map((count, row) => {
        const bounds = rows[row]
        if (count === 0 || bounds === undefined) return null
        const { fromMs, toMs } = bounds
        return (
          <rect
            key={toMs}
            class={`heat-${strengthOf(count, most)}`}
            x={column}
            y={rows.length - 1 - row}
            width={0.94}
            height={0.92}
          >
            <title>
              {`${countOf(count, 'call')}, ${durationText(fromMs)} to ${durationText(toMs)}\n${localText(times[column] ?? 0)}`}
            </title>
          </rect>
        )
      })}
    </g>
  )
}
