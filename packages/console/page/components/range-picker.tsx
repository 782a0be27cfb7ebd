import { RANGE_TEXTS, RANGES, type RangeName } from '../charts/range.js'
import { useQueryParams } from '../shell/use-query-params.js'

/** Chooses the span of charts; it is kept in the address. */
export function RangePicker({
  range,
  ranges = RANGES,
}: {
  range: RangeName
  ranges?: readonly RangeName[]
}) {
  const [, change] = useQueryParams()
  return (
    <fieldset class="segments">
      <legend class="hidden">Time range</legend>
      {ranges.map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={each === range}
          aria-label={`${each}, the ${RANGE_TEXTS[each]}`}
          onClick={() => change({ last: each })}
        >
          {each}
        </button>
      ))}
    </fieldset>
  )
}
