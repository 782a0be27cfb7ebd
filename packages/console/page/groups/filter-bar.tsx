import { useRef } from 'preact/hooks'
import { useQueryParams } from '../shell/use-query-params.js'
import { type GroupListFilter, KINDS, ORDERS } from './group-filter.js'

/** How long a text rests before it is searched, in milliseconds. */
const REST_MS = 250

/** Narrows and orders the list of groups; all of it is in the address. */
export function GroupFilterBar({ filter }: { filter: GroupListFilter }) {
  const [, change] = useQueryParams()
  const timer = useRef<number>()
  const search = (text: string): void => {
    clearTimeout(timer.current)
    timer.current = window.setTimeout(
      () => change({ text: text.trim() }, { replace: true }),
      REST_MS,
    )
  }
  return (
    <form class="group-filters" onSubmit={(event) => event.preventDefault()}>
      <input
        type="search"
        aria-label="Title contains"
        placeholder="Title contains …"
        defaultValue={filter.text}
        onInput={(event) => search(event.currentTarget.value)}
      />
      <select
        aria-label="Kind"
        value={filter.kind ?? ''}
        onChange={(event) => change({ kind: event.currentTarget.value })}
      >
        <option value="">All kinds</option>
        {Object.entries(KINDS).map(([kind, label]) => (
          <option key={kind} value={kind}>
            {label}
          </option>
        ))}
      </select>
      <select
        aria-label="Order"
        value={filter.order}
        onChange={(event) => change({ order: event.currentTarget.value })}
      >
        {Object.entries(ORDERS).map(([order, label]) => (
          <option key={order} value={order}>
            {label}
          </option>
        ))}
      </select>
      {[['assignee', filter.assignee] as const, ['firstRelease', filter.firstRelease] as const].map(
        ([name, value]) =>
          value !== '' && (
            <button
              key={name}
              type="button"
              class="chip"
              aria-label={`Take the filter ${value} away`}
              onClick={() => change({ [name]: undefined })}
            >
              {name === 'assignee' ? value : `new in ${value}`} <span aria-hidden="true">×</span>
            </button>
          ),
      )}
    </form>
  )
}
