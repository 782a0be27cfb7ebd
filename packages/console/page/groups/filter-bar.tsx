import { TextFilter } from '../components/text-filter.js'
import { useQueryParams } from '../shell/use-query-params.js'
import { type GroupListFilter, KINDS, ORDERS } from './group-filter.js'

/** Narrows and orders the list of groups; all of it is in the address. */
export function GroupFilterBar({ filter }: { filter: GroupListFilter }) {
  const [, change] = useQueryParams()
  return (
    <search class="group-filters" aria-label="Filters">
      <TextFilter
        value={filter.text}
        onSearch={(text, isTyping) => change({ text }, { replace: isTyping })}
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
    </search>
  )
}
