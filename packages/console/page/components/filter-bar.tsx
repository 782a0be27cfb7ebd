import type { ComponentChildren } from 'preact'
import { useId, useState } from 'preact/hooks'
import { activeFilters, fieldsOf } from '../lists/filter-field.js'
import type { ListFilter } from '../lists/use-record-filter.js'
import { FilterChoices } from './filter-choices.js'
import { FilterFields } from './filter-fields.js'
import { SpanSelect } from './span-select.js'
import { TextFilter } from './text-filter.js'

/** Search, time, the statuses as buttons, what is active as chips, and all filters behind a button. */
export function FilterBar({
  list,
  choices,
  children,
}: {
  list: ListFilter
  /** Which of the statuses or levels are buttons. @default all of the kind */
  choices?: readonly string[] | undefined
  children?: ComponentChildren
}) {
  const [isOpen, setIsOpen] = useState(false)
  const panel = useId()
  const { filter, kind, set, clear } = list
  const quick = fieldsOf(kind).find(({ isSeveral }) => isSeveral)
  const active = activeFilters(filter, kind).filter(({ name }) => name !== quick?.name)
  return (
    <search class="filter-area" aria-label="Filters">
      <div class="filter-row">
        <TextFilter
          value={filter.text ?? ''}
          onSearch={(text, isTyping) => set('text', text, { replace: isTyping })}
        />
        <SpanSelect list={list} onCustom={() => setIsOpen(true)} />
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={panel}
          onClick={() => setIsOpen(!isOpen)}
        >
          Filters
        </button>
        {children}
      </div>
      {quick !== undefined && (
        <FilterChoices field={choices === undefined ? quick : { ...quick, choices }} list={list} />
      )}
      <div id={panel} hidden={!isOpen}>
        {isOpen && <FilterFields list={list} />}
      </div>
      {Object.keys(filter).length > 0 && (
        <ul class="filter-row" aria-label="Active filters">
          {active.map(({ name, label, value }) => (
            <li key={name}>
              <button type="button" class="filter-chip" onClick={() => set(name, undefined)}>
                <span class="hidden">Take off</span>
                <span class="muted">{label}</span>
                <span class="chip-value">{value}</span>
                <span aria-hidden="true">×</span>
              </button>
            </li>
          ))}
          <li>
            <button type="button" class="quiet" onClick={clear}>
              Clear filters
            </button>
          </li>
        </ul>
      )}
    </search>
  )
}
