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
