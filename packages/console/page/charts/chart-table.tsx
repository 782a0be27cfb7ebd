import { useState } from 'preact/hooks'
import type { Series } from '../../src/api/model.js'
import { countText } from '../components/number-text.js'
import { At } from '../components/time.js'
import type { Marker } from './drawing.js'
import type { Stack } from './stack.js'

/** The same as the drawing, as a table: for those who do not see it, and for those who want the figures. */
export function ChartTable({
  label,
  series,
  stack,
  markers,
  isOpen: isOpenAtFirst,
}: {
  label: string
  series: readonly Series[]
  stack: Stack
  markers: readonly Marker[]
  /** Where there is no drawing. */
  isOpen: boolean
}) {
  const [isChosen, setChosen] = useState(false)
  const isOpen = isChosen || isOpenAtFirst
  return (
    <details
      class="chart-table"
      open={isOpen}
      onToggle={(event) => setChosen(event.currentTarget.open)}
    >
      <summary>As a table</summary>
      {isOpen && (
        <>
          <div class="sideways">
            <table>
              <caption class="hidden">{label}</caption>
              <thead>
                <tr>
                  <th scope="col">From</th>
                  {series.map(({ name }) => (
                    <th key={name} scope="col" class="right">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>{rowsOf(series, stack)}</tbody>
            </table>
          </div>
          {markers.length > 0 && (
            <ul class="chart-markers">
              {markers.map((marker) => (
                <li key={marker.label}>
                  {marker.label}: <At at={marker.at} />
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </details>
  )
}

/** Only the buckets that have anything, the newest first. */
function rowsOf(series: readonly Series[], stack: Stack) {
  const filled = stack.at.map((at, index) => ({ at, index })).reverse()
  return filled
    .filter(({ index }) => stack.counts.some((counts) => (counts[index] ?? 0) > 0))
    .map(({ at, index }) => (
      <tr key={at}>
        <th scope="row">
          <At at={at} />
        </th>
        {series.map(({ name }, each) => (
          <td key={name} class="right number">
            {countText(stack.counts[each]?.[index] ?? 0)}
          </td>
        ))}
      </tr>
    ))
}
