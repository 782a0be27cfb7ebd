import { keepPreviousData, useQuery } from '@tanstack/preact-query'
import type { ComponentChildren } from 'preact'
import type { RecordList as RecordListAnswer, RecordRow } from '../../src/api/model.js'
import { useApi } from '../api/context.js'
import { recordsQuery } from '../api/queries.js'
import { FilterBar } from '../components/filter-bar.js'
import { Loaded } from '../components/loaded.js'
import { countOf } from '../components/number-text.js'
import { Pager } from '../components/pager.js'
import { type Column, RecordTable } from '../components/record-table.js'
import { ExportMenu } from '../export/export-menu.js'
import { NoRows } from './no-rows.js'
import { type RowOf, rowsOf } from './rows-of.js'
import { useKeptScroll } from './use-kept-scroll.js'
import { type ListFilter, useRecordFilter } from './use-record-filter.js'

/** A list of records of a kind with its filters, pages and export. The filter and the page are the address's. */
export function RecordList<Kind extends RecordRow['kind']>({
  kind,
  label,
  columns,
  always = {},
  choices,
  whenEmpty,
}: {
  kind: Kind
  label: string
  columns: readonly Column<RowOf<Kind>>[]
  /** What the list is always filtered by, where the address says nothing else. */
  always?: Readonly<Record<string, string>>
  /** Which of the statuses or levels are buttons. @default all of the kind */
  choices?: readonly string[]
  /** What to do next where nothing was recorded yet. */
  whenEmpty: ComponentChildren
}) {
  const list = useRecordFilter(kind)
  const asked = { ...always, ...list.query }
  const query = useQuery({
    ...recordsQuery(useApi(), kind, { ...asked, cursor: list.cursor }),
    placeholderData: keepPreviousData,
  })
  const top = useKeptScroll(query.data !== undefined, list.cursor)
  return (
    <div class="list" ref={top}>
      <FilterBar list={list} choices={choices}>
        <ExportMenu kind={kind} query={asked} />
      </FilterBar>
      <Loaded query={query}>
        {(page) => (
          <Rows
            kind={kind}
            page={page}
            list={list}
            label={label}
            columns={columns}
            isStale={query.isPlaceholderData}
            whenEmpty={whenEmpty}
          />
        )}
      </Loaded>
    </div>
  )
}

function Rows<Kind extends RecordRow['kind']>({
  kind,
  page,
  list,
  label,
  columns,
  isStale,
  whenEmpty,
}: {
  kind: Kind
  page: RecordListAnswer
  list: ListFilter
  label: string
  columns: readonly Column<RowOf<Kind>>[]
  isStale: boolean
  whenEmpty: ComponentChildren
}) {
  const rows = rowsOf(kind, page.items)
  const { waiting = 0 } = page
  return (
    <>
      {waiting > 0 && (
        <p class="notice notice-warn" role="status">
          {countOf(waiting, 'record is', 'records are')} not stored yet and not in this list.
        </p>
      )}
      {rows.length === 0 ? (
        <NoRows list={list}>{whenEmpty}</NoRows>
      ) : (
        <div class="panel">
          <RecordTable label={label} columns={columns} rows={rows} isStale={isStale} />
        </div>
      )}
      <Pager list={list} nextCursor={page.nextCursor} />
    </>
  )
}
