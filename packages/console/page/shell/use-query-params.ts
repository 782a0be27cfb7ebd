import { useCallback, useMemo } from 'preact/hooks'
import { useLocation } from 'wouter-preact'
import { useSearch } from 'wouter-preact/use-browser-location'

/** What to change of the query: undefined and an empty text take a field away. */
export type QueryChange = Readonly<Record<string, string | undefined>>

/**
 * The query of the page's address, and how to change it. A change is a step of the browser's history, so that the back button takes it back; with
 * `replace` it is none, as for text that is still being typed.
 */
export function useQueryParams(): readonly [
  URLSearchParams,
  (change: QueryChange, options?: { readonly replace?: boolean }) => void,
] {
  // The router's own decodes the query once more, which breaks values that have a percent sign.
  const search = useSearch()
  const [path, navigate] = useLocation()
  const params = useMemo(() => new URLSearchParams(search), [search])
  const change = useCallback(
    (fields: QueryChange, { replace = false } = {}) => {
      const next = changedQuery(new URLSearchParams(window.location.search), fields)
      navigate(`${encodeURI(path)}${next}`, { replace })
    },
    [path, navigate],
  )
  return [params, change]
}

/** A query with some of its fields changed, as text with its `?`. */
export function changedQuery(params: URLSearchParams, fields: QueryChange): string {
  const next = new URLSearchParams(params)
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === '') next.delete(name)
    else next.set(name, value)
  }
  const text = next.toString()
  return text === '' ? '' : `?${text}`
}
