import type { Group } from '../../src/api/model.js'
import { EditableField } from './editable-field.js'
import type { GroupChanger } from './use-group-change.js'

/** What people want each other to know of the group. */
export function NoteField({
  group: { note },
  canChange,
  change,
}: {
  group: Group
  canChange: boolean
  change: GroupChanger['change']
}) {
  const edit =
    note === null
      ? { word: 'Write', label: 'Write a note' }
      : { word: 'Change', label: 'Change the note' }
  return (
    <EditableField
      label="Note"
      value={<p class="note">{note ?? <span class="muted">None</span>}</p>}
      field={(id) => (
        <textarea id={id} name="value" rows={4} maxLength={10_000} defaultValue={note ?? ''} />
      )}
      edit={canChange ? edit : undefined}
      onSave={(text) => change({ note: text }, 'Note saved')}
    />
  )
}
