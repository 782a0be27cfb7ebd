import { type ComponentChildren, createContext } from 'preact'
import { useContext, useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import { KeySequence, takesText } from './key-sequence.js'
import { ShortcutTable } from './shortcut-table.js'

const ShortcutContext = createContext<ShortcutTable | undefined>(undefined)

/** Listens to the keyboard for everything within. */
export function ShortcutProvider({ children }: { children: ComponentChildren }) {
  const table = useMemo(() => new ShortcutTable(), [])
  useEffect(() => {
    const sequence = new KeySequence()
    const onKeyDown = (event: KeyboardEvent): void => {
      const target = event.target instanceof HTMLElement ? event.target : undefined
      if (event.defaultPrevented || (target !== undefined && takesText(target))) return
      // A dialog has the keyboard for itself.
      if (document.querySelector('dialog[open]') !== null) return
      const found = sequence.press(event, event.timeStamp).map((keys) => table.find(keys))
      const shortcut = found.find((each) => each !== undefined)
      if (shortcut === undefined) return
      event.preventDefault()
      sequence.reset()
      shortcut.run()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [table])
  return <ShortcutContext.Provider value={table}>{children}</ShortcutContext.Provider>
}

/** The table of shortcuts. @throws Error outside of a ShortcutProvider */
export function useShortcutTable(): ShortcutTable {
  const table = useContext(ShortcutContext)
  if (table === undefined) throw new Error('A shortcut is used outside of a ShortcutProvider')
  return table
}

/** Gives a key a meaning while the component is on the page. */
export function useShortcut(keys: string, label: string, run: () => void): void {
  const table = useShortcutTable()
  const latest = useRef(run)
  latest.current = run
  // Before it is painted: what is shown has its key.
  useLayoutEffect(
    () => table.add({ keys, label, run: () => latest.current() }),
    [table, keys, label],
  )
}
