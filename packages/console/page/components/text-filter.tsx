import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { useShortcut } from '../shell/shortcuts.js'

/** How long after the last key the search begins, in milliseconds. */
const TYPED_MS = 250

/** A field that searches while one types; `f` leads to it. */
export function TextFilter({
  value,
  onSearch,
}: {
  value: string
  /** With `isTyping` it changes a text that was searched for before. */
  onSearch: (text: string, isTyping: boolean) => void
}) {
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>()
  const [text, setText] = useState(value)
  const searched = useRef(value)
  // The address may change by the back button. What was searched for here is there already, or has been typed on since.
  useEffect(() => {
    if (value !== searched.current) setText(value)
    searched.current = value
  }, [value])
  useEffect(() => () => clearTimeout(timer.current), [])
  useShortcut('f', 'Filter the list by text', () => field.current?.focus())
  const search = (typed: string): void => {
    clearTimeout(timer.current)
    // The first text is a step of the browser's history; while one types on, that step changes.
    const wanted = typed.trim()
    if (wanted === value) return
    searched.current = wanted
    onSearch(wanted, value !== '' && wanted !== '')
  }
  const type = (typed: string): void => {
    setText(typed)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => search(typed), TYPED_MS)
  }
  return (
    <form
      class="text-filter"
      onSubmit={(event) => {
        event.preventDefault()
        search(text)
      }}
    >
      <label class="hidden" for={id}>
        Text
      </label>
      <input
        ref={field}
        id={id}
        type="search"
        autocomplete="off"
        spellcheck={false}
        placeholder="Text in the list …"
        value={text}
        onInput={(event) => type(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
      />
    </form>
  )
}
