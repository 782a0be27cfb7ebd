import { useEffect, useRef } from 'preact/hooks'
import type { ListedKind } from '../../src/api/model.js'
import type { ApiQuery } from '../api/client.js'
import { bytesText, countOf } from '../components/number-text.js'
import { useDownload } from './use-download.js'

/** Saves what a list is filtered by as a file. Bodies are not in it. */
export function ExportMenu({ kind, query }: { kind: ListedKind; query: ApiQuery }) {
  const menu = useRef<HTMLDetailsElement>(null)
  const { progress, start, cancel } = useDownload(kind, query)
  useEffect(() => {
    const close = (event: Event): void => {
      const { current } = menu
      if (current === null || !current.open) return
      const isOutside = event.target instanceof Node && !current.contains(event.target)
      if (isOutside || (event instanceof KeyboardEvent && event.key === 'Escape'))
        current.open = false
    }
    document.addEventListener('pointerdown', close)
    document.addEventListener('keydown', close)
    return () => {
      document.removeEventListener('pointerdown', close)
      document.removeEventListener('keydown', close)
    }
  }, [])
  if (progress !== undefined)
    return (
      <div class="export-progress" role="status">
        <span class="number">
          {countOf(progress.rows, 'row')}, {bytesText(progress.bytes)}
        </span>
        <button type="button" onClick={cancel}>
          Cancel export
        </button>
      </div>
    )
  const begin = (format: 'csv' | 'jsonl'): void => {
    if (menu.current !== null) menu.current.open = false
    start(format)
  }
  return (
    <details ref={menu} class="menu">
      <summary class="button">Export</summary>
      <div class="menu-items">
        <button type="button" onClick={() => begin('csv')}>
          As CSV
        </button>
        <button type="button" onClick={() => begin('jsonl')}>
          As JSON lines
        </button>
        <p class="muted">All that the filters find, without bodies.</p>
      </div>
    </details>
  )
}
