import type { ComponentChildren } from 'preact'
import { shortCountText } from '../components/number-text.js'
import { Panel } from '../components/panel.js'

/** Values with a bar for how often each was counted. */
export function TallyPanel({
  title,
  items,
  linkOf,
}: {
  title: string
  items: readonly { readonly value: string; readonly count: number }[]
  /** How a value is shown. @default its text */
  linkOf?: (value: string) => ComponentChildren
}) {
  if (items.length === 0) return null
  const highest = Math.max(1, ...items.map(({ count }) => count))
  return (
    <Panel title={title}>
      <ul class="tally">
        {items.map(({ value, count }) => (
          <li key={value}>
            <span class="tally-bar" style={{ width: `${(count / highest) * 100}%` }} />
            <span class="tally-value wrap">{linkOf?.(value) ?? value}</span>
            <span class="number muted">{shortCountText(count)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
