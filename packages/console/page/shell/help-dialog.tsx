import { useRef, useState } from 'preact/hooks'
import type { Shortcut } from './shortcut-table.js'
import { useShortcut, useShortcutTable } from './shortcuts.js'

/** The button and the dialog that say which keys do what on this view. */
export function HelpDialog() {
  const dialog = useRef<HTMLDialogElement>(null)
  const table = useShortcutTable()
  const [shortcuts, setShortcuts] = useState<readonly Shortcut[]>([])
  const open = (): void => {
    setShortcuts(table.list())
    dialog.current?.showModal()
  }
  useShortcut('?', 'This help', open)
  return (
    <>
      <button type="button" class="icon" aria-label="Keyboard shortcuts" onClick={open}>
        <span aria-hidden="true">?</span>
      </button>
      <dialog ref={dialog} class="dialog" aria-labelledby="help-heading">
        <h2 id="help-heading">Keyboard shortcuts</h2>
        <dl class="keys">
          {shortcuts.map(({ keys, label }) => (
            <div key={keys}>
              <dt>
                {keys.split(' ').map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{label}</dd>
            </div>
          ))}
          <div>
            <dt>
              <kbd>Enter</kbd>
            </dt>
            <dd>Open the row</dd>
          </div>
        </dl>
        <form method="dialog">
          <button type="submit">Close</button>
        </form>
      </dialog>
    </>
  )
}
