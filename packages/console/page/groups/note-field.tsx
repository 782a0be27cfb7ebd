import { useState } from 'preact/hooks'
import type { Group } from '../../src/api/model.js'
import type { GroupChanger } from './use-group-change.js'

/** What people want each other to know of the group. */
export function NoteField({
  group,
  canChange,
  change,
}: {
  group: Group
  canChange: boolean
  change: GroupChanger['change']
}) {
  const [isEdited, setEdited] = useState(false)
  if (isEdited)
    return (
      <form
        class="inline-form"
        onSubmit={(event) => {
          event.preventDefault()
          const text = String(new FormData(event.currentTarget).get('note') ?? '').trim()
          setEdited(false)
          change({ note: text === '' ? null : text }, 'Note saved')
        }}
      >
        <label>
          <span>Note</span>
          <textarea name="note" rows={4} maxLength={10_000} defaultValue={group.note ?? ''} />
        </label>
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
      <h3>Note</h3>
      <p class="note">{group.note ?? <span class="muted">None</span>}</p>
      {canChange && (
        <div class="buttons">
          <button
            type="button"
            class="quiet"
            aria-label={group.note === null ? 'Write a note' : 'Change the note'}
            onClick={() => setEdited(true)}
          >
            {group.note === null ? 'Write' : 'Change'}
          </button>
        </div>
      )}
    </div>
  )
}
