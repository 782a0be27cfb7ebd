import { countOf } from '../components/number-text.js'
import { axisText, durationText, localText } from '../components/time-text.js'
import { type LatencyGrid, strengthOf } from './latency-grid.js'

/** Labels at the side of the map, at most. */
const LABELS = 8

/** How many calls took how long, by time: the darker, the more. */
export function HeatMap({ grid, label }: { grid: LatencyGrid; label: string }) {
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
      </svg>
      <ol class="heat-times" aria-hidden="true">
        {marks.map((at) => (
          <li key={at}>{axisText(at, spanMs)}</li>
        ))}
      </ol>
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
