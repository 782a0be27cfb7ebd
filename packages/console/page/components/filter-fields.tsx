import { useQuery } from '@tanstack/preact-query'
import { useEffect, useId, useState } from 'preact/hooks'
import { useApi } from '../api/context.js'
import { tallyQuery } from '../api/queries.js'
import { type FilterField, fieldsOf } from '../lists/filter-field.js'
import { localInputOf, timeOfLocalInput } from '../lists/local-input.js'
import { type FilterName, isWellFormed } from '../lists/record-filter.js'
import type { ListFilter } from '../lists/use-record-filter.js'

/** All filters of a list as fields; those that are buttons already are left out. */
export function FilterFields({ list }: { list: ListFilter }) {
  return (
    <div class="filter-fields">
      {fieldsOf(list.kind)
        .filter(({ isSeveral }) => !isSeveral)
        .map((field) => (
          <Field key={field.name} field={field} list={list} />
        ))}
      <TimeField name="from" label="From" list={list} />
      <TimeField name="to" label="Before" list={list} />
    </div>
  )
}

function Field({ field, list }: { field: FilterField; list: ListFilter }) {
  const id = useId()
  const { name, label, choices } = field
  return (
    <div class="filter-field">
      <label for={id}>{label}</label>
      {choices === undefined ? (
        <TextField id={id} field={field} list={list} />
      ) : (
        <select
          id={id}
          value={list.filter[name] ?? ''}
          onChange={(event) => list.set(name, event.currentTarget.value)}
        >
          <option value="">Any</option>
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      )}
    </div>
  )
}

function TextField({ id, field, list }: { id: string; field: FilterField; list: ListFilter }) {
  const { name, placeholder } = field
  const value = list.filter[name] ?? ''
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  const isWrong = text !== '' && !isWellFormed(name, text.trim())
  const enter = (): void => {
    if (text.trim() !== value && !isWrong) list.set(name, text.trim())
  }
  return (
    <>
      <input
        id={id}
        type="text"
        autocomplete="off"
        spellcheck={false}
        placeholder={placeholder}
        value={text}
        aria-invalid={isWrong}
        {...(isProposed(name) ? { list: `${id}-known` } : {})}
        onInput={(event) => setText(event.currentTarget.value)}
        onChange={enter}
        onKeyDown={(event) => {
          if (event.key === 'Enter') enter()
        }}
      />
      {isProposed(name) && <KnownValues id={`${id}-known`} by={name} list={list} />}
    </>
  )
}

/** Fields whose values can be counted, and so proposed. */
function isProposed(name: FilterName): boolean {
  return name === 'service' || name === 'user' || name === 'type' || name === 'route'
}

/** What the browser proposes while one types: the values that occur the most. */
function KnownValues({ id, by, list }: { id: string; by: string; list: ListFilter }) {
  const query = useQuery({
    ...tallyQuery(useApi(), list.kind, { by, limit: 50 }),
    staleTime: 60_000,
  })
  return (
    <datalist id={id}>
      {query.data?.items.map(({ value }) => (
        <option key={value} value={value} />
      ))}
    </datalist>
  )
}

function TimeField({
  name,
  label,
  list,
}: {
  name: 'from' | 'to'
  label: string
  list: ListFilter
}) {
  const id = useId()
  return (
    <div class="filter-field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="datetime-local"
        value={localInputOf(list.filter[name])}
        onChange={(event) => list.set(name, timeOfLocalInput(event.currentTarget.value))}
      />
    </div>
  )
}
