import { useState } from 'preact/hooks'
import { CopyButton } from './copy-button.js'
import { countOf } from './number-text.js'
import { safeHref } from './safe-href.js'

/** Entries of an object or a list that are shown at first. */
const FIRST_ENTRIES = 100
/** Characters of a text that are shown at first. */
const FIRST_CHARS = 2_000
/** Levels that are open at first, where they have no more entries than may be open. */
const OPEN_LEVELS = 2
const OPEN_ENTRIES = 30

/** Any logged value as a tree that can be opened and closed. What was logged is only ever text. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  return (
    <section class="json" aria-label={label}>
      <CopyButton text={JSON.stringify(value, null, 2) ?? ''} label="Copy as JSON" />
      <div class="json-tree">
        <JsonNode value={value} level={0} />
      </div>
    </section>
  )
}

function JsonNode({ value, level }: { value: unknown; level: number }) {
  if (typeof value !== 'object' || value === null) return <JsonLeaf value={value} />
  const entries = Object.entries(value)
  if (entries.length === 0)
    return <span class="json-mark">{Array.isArray(value) ? '[ ]' : '{ }'}</span>
  return <JsonEntries entries={entries} isList={Array.isArray(value)} level={level} />
}

function JsonEntries({
  entries,
  isList,
  level,
}: {
  entries: readonly (readonly [string, unknown])[]
  isList: boolean
  level: number
}) {
  const [shown, setShown] = useState(FIRST_ENTRIES)
  const list = (
    <ul>
      {entries.slice(0, shown).map(([key, value]) => (
        <li key={key}>
          <span class={isList ? 'json-index' : 'json-key'}>{key}</span>
          <span class="json-mark">: </span>
          <JsonNode value={value} level={level + 1} />
        </li>
      ))}
      {entries.length > shown && (
        <li>
          <button type="button" class="quiet" onClick={() => setShown(entries.length)}>
            Show {entries.length - shown} more
          </button>
        </li>
      )}
    </ul>
  )
  if (level === 0) return list
  return (
    <details open={level < OPEN_LEVELS && entries.length <= OPEN_ENTRIES}>
      <summary>{countOf(entries.length, isList ? 'item' : 'field')}</summary>
      {list}
    </details>
  )
}

function JsonLeaf({ value }: { value: unknown }) {
  const [isWhole, setWhole] = useState(false)
  if (typeof value !== 'string') return <span class="json-plain">{String(value)}</span>
  const href = safeHref(value)
  if (href !== undefined && value.length < 300)
    return (
      <a class="json-text" href={href} rel="noreferrer noopener" target="_blank">
        {value}
      </a>
    )
  if (isWhole || value.length <= FIRST_CHARS) return <span class="json-text">{value}</span>
  return (
    <span class="json-text">
      {value.slice(0, FIRST_CHARS)}
      <button type="button" class="quiet" onClick={() => setWhole(true)}>
        Show all {value.length} characters
      </button>
    </span>
  )
}
