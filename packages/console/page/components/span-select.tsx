import { useId } from 'preact/hooks'
import type { ListFilter } from '../lists/use-record-filter.js'

const SPANS: readonly (readonly [string, string])[] = [
  ['15m', 'Last 15 minutes'],
  ['1h', 'Last hour'],
  ['24h', 'Last 24 hours'],
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
]
const CUSTOM = 'custom'

/** Which time a list is of. */
export function SpanSelect({
  list,
  openLabel = 'Any time',
  onCustom,
}: {
  list: ListFilter
  /** What it means that no time was chosen. */
  openLabel?: string
  /** Shows the fields of a beginning and an end; without it they cannot be chosen here. */
  onCustom?: () => void
}) {
  const id = useId()
  const { last, from, to } = list.filter
  const isCustom = from !== undefined || to !== undefined
  const isKnown = last === undefined || SPANS.some(([span]) => span === last)
  const choose = (span: string): void => {
    if (span === CUSTOM) onCustom?.()
    else list.set('last', span)
  }
  return (
    <>
      <label class="hidden" for={id}>
        Time
      </label>
      <select
        id={id}
        value={isCustom ? CUSTOM : (last ?? '')}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        <option value="">{openLabel}</option>
        {SPANS.map(([span, label]) => (
          <option key={span} value={span}>
            {label}
          </option>
        ))}
        {!isKnown && <option value={last}>Last {last}</option>}
        {(isCustom || onCustom !== undefined) && <option value={CUSTOM}>From … to …</option>}
      </select>
    </>
  )
}
