import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'

/** A form in a dialog: the keyboard stays within, Escape closes it, and the focus goes back to where it was. */
export function FormDialog({
  title,
  submitLabel,
  onSubmit,
  onClose,
  children,
}: {
  title: string
  submitLabel: string
  onSubmit: (fields: FormData) => void
  onClose: () => void
  children: ComponentChildren
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  // Before the page is painted: a key that comes right after is the dialog's.
  useLayoutEffect(() => {
    dialog.current?.showModal()
  }, [])
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={heading} onClose={onClose}>
      <h2 id={heading}>{title}</h2>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          onSubmit(new FormData(event.currentTarget))
          dialog.current?.close()
        }}
      >
        {children}
        <div class="form-ends">
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class="primary">
            {submitLabel}
          </button>
        </div>
      </form>
    </dialog>
  )
}
