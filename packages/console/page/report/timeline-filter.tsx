import type { TimelineEntry } from '../../src/api/model.js'
import { countText } from '../components/number-text.js'

const LABELS = { audit: 'Audit events', call: 'Calls', query: 'Queries', log: 'Log' } as const
const KINDS = ['audit', 'call', 'query', 'log'] as const

/** Queries and log lines that are no burden to a reader. */
const FEW = 5

/** What a time line shows, as buttons; nothing where it has few queries and log lines, since it is short then. */
export function TimelineFilter({
  entries,
  hidden,
  onChange,
}: {
  entries: readonly TimelineEntry[]
  /** The kinds that are not shown. */
  hidden: ReadonlySet<string>
  onChange: (hidden: ReadonlySet<string>) => void
}) {
  const counts = new Map<string, number>()
  for (const { what } of entries) counts.set(what, (counts.get(what) ?? 0) + 1)
  if ((counts.get('query') ?? 0) + (counts.get('log') ?? 0) < FEW) return null
  const toggle = (kind: string): void => {
    const changed = new Set(hidden)
    if (!changed.delete(kind)) changed.add(kind)
    onChange(changed)
  }
  return (
    <fieldset class="choices timeline-filter">
      <legend class="hidden">What the time line shows</legend>
      {KINDS.filter((kind) => counts.has(kind)).map((kind) => (
        <button
          key={kind}
          type="button"
          class="choice"
          aria-pressed={!hidden.has(kind)}
          onClick={() => toggle(kind)}
        >
          {LABELS[kind]} <span class="number">{countText(counts.get(kind) ?? 0)}</span>
        </button>
      ))}
    </fieldset>
  )
}
