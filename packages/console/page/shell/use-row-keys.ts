import type { RefObject } from 'preact'
import { useRef } from 'preact/hooks'
import { useShortcut } from './shortcuts.js'

/**
 * Lets `j` and `k` move through the rows of a list. The rows' own links, those with the attribute `data-row`, take the focus in turn: Enter opens them, and
 * a screen reader reads them.
 *
 * @returns a ref for the element that contains them
 */
export function useRowKeys<Container extends HTMLElement>(): RefObject<Container> {
  const container = useRef<Container>(null)
  const move = (step: number): void => {
    const rows = [...(container.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])]
    const focused = document.activeElement
    const at = focused instanceof HTMLElement ? rows.indexOf(focused) : -1
    const next = rows[at === -1 ? (step > 0 ? 0 : rows.length - 1) : at + step]
    next?.focus()
    next?.scrollIntoView({ block: 'nearest' })
  }
  useShortcut('j', 'Next row', () => move(1))
  useShortcut('k', 'Row before', () => move(-1))
  return container
}
