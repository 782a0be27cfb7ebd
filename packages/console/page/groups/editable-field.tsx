import type { ComponentChildren } from 'preact'
import { useId, useState } from 'preact/hooks'

/** A text of a group with a button that turns it into a form. */
export function EditableField({
  label,
  value,
  field,
  actions,
  edit,
  onSave,
}: {
  label: string
  /** The text as it is shown. */
  value: ComponentChildren
  /** What it is entered in, with this id and the name `value`. */
  field: (id: string) => ComponentChildren
  /** Buttons before the one that edits. */
  actions?: ComponentChildren
  /** The word on the button, and what it says to those who do not see where it stands; nothing where it cannot be edited. */
  edit: { readonly word: string; readonly label: string } | undefined
  /** Is given the text without blanks around it; null for none. */
  onSave: (text: string | null) => void
}) {
  const id = useId()
  const [isEdited, setEdited] = useState(false)
  const save = (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }): void => {
    event.preventDefault()
    const text = String(new FormData(event.currentTarget).get('value') ?? '').trim()
    setEdited(false)
    onSave(text === '' ? null : text)
  }
  if (isEdited)
    return (
      <form class="inline-form" onSubmit={save}>
        <label for={id}>
          <span>{label}</span>
        </label>
        {field(id)}
        <div class="buttons">
          <button type="submit">Save</button>
          <button type="button" class="quiet" onClick={() => setEdited(false)}>
            Cancel
          </button>
        </div>
      </form>
    )
  return (
    <div class="group-field">
      <h3>{label}</h3>
      {value}
      {edit !== undefined && (
        <div class="buttons">
          {actions}
          <button
            type="button"
            class="quiet"
            aria-label={edit.label}
            onClick={() => setEdited(true)}
          >
            {edit.word}
          </button>
        </div>
      )}
    </div>
  )
}
