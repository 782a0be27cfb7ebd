import type { Series } from '../../src/api/model.js'
import { countText } from '../components/number-text.js'
import { localText } from '../components/time-text.js'
import type { SeriesColor } from './drawing.js'
import type { Stack } from './stack.js'

/** Names the series, with their totals, or with the counts of the bucket that is pointed at. */
export function ChartLegend({
  series,
  stack,
  colors,
  pointed,
}: {
  series: readonly Series[]
  stack: Stack
  colors: readonly SeriesColor[]
  pointed: number | undefined
}) {
  const at = pointed === undefined ? undefined : stack.at[pointed]
  return (
    <figcaption class="legend" aria-hidden="true">
      {series.map(({ name }, index) => (
        <span key={name} class="legend-item">
          <span
            class="legend-mark"
            style={{ backgroundColor: `var(--${colors[index] ?? 'series-8'})` }}
          />
          {name}
          <span class="number legend-count">
            {countText(
              (pointed === undefined ? stack.totals[index] : stack.counts[index]?.[pointed]) ?? 0,
            )}
          </span>
        </span>
      ))}
      {series.length === 0 && <span class="muted">Nothing in this time</span>}
      {at !== undefined && <span class="legend-at">from {localText(at)}</span>}
    </figcaption>
  )
}
