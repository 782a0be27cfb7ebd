import { useQueryParams } from '../shell/use-query-params.js'
import { RANGE_TEXTS, RANGES, type RangeName } from './range.js'

/** Chooses the span that the view is about; it is kept in the address. */
export function RangePicker({ range }: { range: RangeName }) {
  const [, change] = useQueryParams()
  return (
    <fieldset class="segments">
      <legend class="hidden">Time range</legend>
      {RANGES.map((each) => (
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
