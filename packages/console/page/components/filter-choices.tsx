import type { FilterField } from '../lists/filter-field.js'
import { toggled, valuesOf } from '../lists/record-filter.js'
import type { ListFilter } from '../lists/use-record-filter.js'
import { statusLabel } from './badge.js'

/** The values of a filter as buttons, of which several may be pressed. */
export function FilterChoices({
  field: { name, label, choices = [] },
  list,
}: {
  field: FilterField
  list: Pick<ListFilter, 'filter' | 'set'>
}) {
  const value = list.filter[name]
  return (
    <fieldset class="choices">
      <legend class="hidden">{label}</legend>
      {choices.map((choice) => (
        <button
          key={choice}
          type="button"
          class="choice"
          aria-pressed={valuesOf(value).includes(choice)}
          onClick={() => list.set(name, toggled(value, choice))}
        >
          {statusLabel(choice)}
        </button>
      ))}
    </fieldset>
  )
}
