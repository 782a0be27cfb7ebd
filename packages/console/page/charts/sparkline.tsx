import { countOf } from '../components/number-text.js'
import { spanText } from '../components/time-text.js'
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
  const within = `in ${spanText(span.to - span.from)}`
  const label =
    total === 0
      ? `No occurrence ${within}`
      : `${countOf(total, 'occurrence')} ${within}, at most ${highest} in ${spanText(span.bucketMs)}`
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${bars.length * BAR} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
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
