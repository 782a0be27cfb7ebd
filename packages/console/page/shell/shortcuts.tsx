import { type ComponentChildren, createContext } from 'preact'
import { useContext, useEffect, useMemo, useRef } from 'preact/hooks'
import { KeySequence, takesText } from './key-sequence.js'

/** A key, or two with a space between, and what it does. */
export interface Shortcut {
  readonly keys: string
  /** What the help says of it. */
  readonly label: string
  readonly run: () => void
}

/** The shortcuts of what is on the page now. */
export class ShortcutTable {
  readonly #shortcuts: Shortcut[] = []

  /** Adds one; of two with the same keys the later one is run. Returns a function that takes it off. */
  add(shortcut: Shortcut): () => void {
    this.#shortcuts.push(shortcut)
    return () => {
      const index = this.#shortcuts.indexOf(shortcut)
      if (index !== -1) this.#shortcuts.splice(index, 1)
    }
  }

  find(keys: string): Shortcut | undefined {
    return this.#shortcuts.findLast((shortcut) => shortcut.keys === keys)
  }

  /** Each once, in the order they were added in. */
  list(): readonly Shortcut[] {
    const { length } = this.#shortcuts
    return this.#shortcuts.filter(
      ({ keys }, index) =>
        !this.#shortcuts.slice(index + 1, length).some((later) => later.keys === keys),
    )
  }
}

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
  useEffect(() => table.add({ keys, label, run: () => latest.current() }), [table, keys, label])
}
