import { useRef } from 'preact/hooks'
import { useLocation } from 'wouter-preact'
import { paths } from './paths.js'
import { useShortcut } from './shortcuts.js'
import { useQueryParams } from './use-query-params.js'

/** Finds an id of whatever kind, or words. */
export function SearchBox() {
  const input = useRef<HTMLInputElement>(null)
  const [path, navigate] = useLocation()
  const [params] = useQueryParams()
  useShortcut('/', 'Search', () => {
    input.current?.focus()
    input.current?.select()
  })
  const search = (event: Event): void => {
    event.preventDefault()
    const words = input.current?.value.trim() ?? ''
    if (words !== '') navigate(paths.search(words))
  }
  return (
    <search class="search">
      <form onSubmit={search}>
        <input
          ref={input}
          type="search"
          name="q"
          aria-label="Search by error id, request id, trace id or words"
          placeholder="Error id, request id or words"
          autocomplete="off"
          spellcheck={false}
          key={path === '/search' ? (params.get('q') ?? '') : ''}
          defaultValue={path === '/search' ? (params.get('q') ?? '') : ''}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur()
          }}
        />
        <span class="key" aria-hidden="true">
          /
        </span>
      </form>
    </search>
  )
}
