import { Link, useLocation } from 'wouter-preact'
import { type ListFilter, searchOfPage } from '../lists/use-record-filter.js'
import { useShortcut } from '../shell/shortcuts.js'

/** Leads to the older and the newer page of a list. Each page has an address, so the browser's back button works too. */
export function Pager({ list, nextCursor }: { list: ListFilter; nextCursor: string | undefined }) {
  const [path, navigate] = useLocation()
  const page = pageNumber(list.cursor)
  const first = `${encodeURI(path)}${searchOfPage(list, undefined)}`
  const older = `${encodeURI(path)}${searchOfPage(list, nextCursor)}`
  const olderState = page === undefined ? {} : { page: page + 1 }
  const toNewer = (): void => {
    if (list.cursor === undefined) return
    // The page before has no cursor of its own; the browser knows it if one came from there.
    if (page === undefined) navigate(first)
    else history.back()
  }
  useShortcut('n', 'Older page', () => {
    if (nextCursor !== undefined) navigate(older, { state: olderState })
  })
  useShortcut('p', 'Newer page', toNewer)
  if (nextCursor === undefined && list.cursor === undefined) return null
  return (
    <nav class="pager" aria-label="Pages">
      {list.cursor !== undefined && (
        <>
          <Link href={first}>Newest</Link>
          {page !== undefined && (
            <button type="button" onClick={toNewer}>
              ← Newer
            </button>
          )}
        </>
      )}
      {page !== undefined && <span class="muted">Page {page}</span>}
      {nextCursor === undefined ? (
        <span class="muted">No older ones</span>
      ) : (
        <Link href={older} state={olderState} class="button">
          Older →
        </Link>
      )}
    </nav>
  )
}

/** How many pages one has come from the newest; undefined where one came by a link. */
function pageNumber(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return 1
  const state: unknown = history.state
  if (typeof state !== 'object' || state === null || !('page' in state)) return undefined
  return typeof state.page === 'number' ? state.page : undefined
}
