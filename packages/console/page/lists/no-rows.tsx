import type { ComponentChildren } from 'preact'
import { Empty } from '../components/empty.js'
import type { ListFilter } from './use-record-filter.js'

/** An empty list: either nothing fits its filters, or nothing was recorded yet. */
export function NoRows({ list, children }: { list: ListFilter; children: ComponentChildren }) {
  const { filter, cursor, clear } = list
  if (cursor !== undefined)
    return (
      <Empty title="There are no older ones.">
        <button type="button" onClick={() => history.back()}>
          Go back
        </button>
      </Empty>
    )
  if (Object.keys(filter).length === 0)
    return <Empty title="Nothing was recorded yet.">{children}</Empty>
  const isTextOfAnyTime =
    filter.text !== undefined && filter.last === undefined && filter.from === undefined
  return (
    <Empty title="Nothing fits these filters.">
      {isTextOfAnyTime && <p>Text is searched for in the last 7 days, unless you choose a time.</p>}
      <button type="button" onClick={clear}>
        Clear filters
      </button>
    </Empty>
  )
}
