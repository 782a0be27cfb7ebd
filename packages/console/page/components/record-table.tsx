import type { ComponentChildren } from 'preact'
import { useRowKeys } from '../shell/use-row-keys.js'

/** A column of a list. */
export interface Column<Row> {
  readonly name: string
  readonly label: string
  /** In the place of the label: a button that sorts, say. */
  readonly heading?: ComponentChildren
  /** Whether the rows are in its order, the highest first. */
  readonly isOrder?: boolean
  readonly cell: (row: Row) => ComponentChildren
  /** `main` takes the room that is left; `number` stands at the right; `narrow` is as wide as its text. @default 'text' */
  readonly width?: 'main' | 'text' | 'number' | 'narrow'
}

/** Rows in columns; on a narrow screen each row is a card. `j` and `k` move through the rows. */
export function RecordTable<Row extends { readonly id: string }>({
  label,
  columns,
  rows,
  isStale = false,
  hasKeys = true,
}: {
  /** What the table is, for screen readers. */
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  /** Whether the rows are of the question before. */
  isStale?: boolean
  /** Whether `j` and `k` move through its rows: of several tables on a view, one. */
  hasKeys?: boolean
}) {
  return (
    <table class={isStale ? 'records is-stale' : 'records'} aria-busy={isStale}>
      <caption class="hidden">{label}</caption>
      <thead>
        <tr>
          {columns.map(({ name, label: text, heading, isOrder, width = 'text' }) => (
            <th
              key={name}
              scope="col"
              class={`cell-${width}`}
              {...(isOrder === true ? { 'aria-sort': 'descending' as const } : {})}
            >
              {heading ?? text}
            </th>
          ))}
        </tr>
      </thead>
      <Body hasKeys={hasKeys}>
        {rows.map((row) => (
          <tr key={row.id}>
            {columns.map(({ name, label: text, cell, width = 'text' }) => (
              <td key={name} class={`cell-${width} cell-of-${name}`} data-label={text}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </Body>
    </table>
  )
}

function Body({ hasKeys, children }: { hasKeys: boolean; children: ComponentChildren }) {
  return hasKeys ? <KeyedBody>{children}</KeyedBody> : <tbody>{children}</tbody>
}

function KeyedBody({ children }: { children: ComponentChildren }) {
  const body = useRowKeys<HTMLTableSectionElement>()
  return <tbody ref={body}>{children}</tbody>
}
