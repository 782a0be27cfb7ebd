import { countOf } from '../components/number-text.js'
import { type Span, spreadCounts } from './spread-counts.js'

const BAR = 4
const HEIGHT = 24

/** Counts over time as small bars, with a text that says the same. */
export function Sparkline({
  counts,
  span,
}: {
  counts: readonly { readonly at: number; readonly count: number }[]
  span: Span
}) {
  const bars = spreadCounts(counts, span)
  const highest = Math.max(1, ...bars)
  const total = bars.reduce((sum, count) => sum + count, 0)
  const label = `${countOf(total, 'occurrence')}, at most ${highest} in one span`
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${bars.length * BAR} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={total === 0 ? 'No occurrences in this time' : label}
    >
      {bars.map((count, index) => {
        const height = count === 0 ? 1 : Math.max(2, (count / highest) * HEIGHT)
        return (
          <rect
            key={index}
            class={count === 0 ? 'sparkline-none' : 'sparkline-bar'}
            x={index * BAR}
            y={HEIGHT - height}
            width={BAR - 1}
            height={height}
          />
        )
      })}
    </svg>
  )
}
