import { useState } from 'preact/hooks'
import type { Group } from '../../src/api/model.js'
import { useNow } from '../components/clock.js'
import { FormDialog } from '../components/form-dialog.js'
import type { GroupFields } from './apply-change.js'
import { type MuteEnd, muteFields, muteForm } from './mute-fields.js'

/** Asks why, and for how long, a group is muted; of a muted one it shows what was said before. */
export function MuteDialog({
  group,
  onMute,
  onClose,
}: {
  group: Group
  onMute: (fields: GroupFields) => void
  onClose: () => void
}) {
  const now = useNow()
  const isMuted = group.status === 'muted'
  // As it was when the dialog was opened.
  const [before] = useState(() => muteForm(group))
  const [end, setEnd] = useState<MuteEnd>(before.end)
  return (
    <FormDialog
      title={isMuted ? 'Change the mute' : 'Mute the group'}
      submitLabel={isMuted ? 'Change' : 'Mute'}
      onClose={onClose}
      onSubmit={(form) =>
        onMute(
          muteFields(
            {
              end,
              reason: String(form.get('reason') ?? ''),
              until: String(form.get('until') ?? ''),
              occurrences: String(form.get('occurrences') ?? ''),
            },
            now,
          ),
        )
      }
    >
      <label>
        <span>Why</span>
        <input
          name="reason"
          required
          maxLength={1_000}
          defaultValue={before.reason}
          placeholder="Known; the provider is fixing it"
        />
      </label>
      <label>
        <span>Until</span>
        <select value={end} onChange={(event) => setEnd(event.currentTarget.value as MuteEnd)}>
          <option value="never">for good</option>
          <option value="hour">an hour from now</option>
          <option value="day">a day from now</option>
          <option value="week">a week from now</option>
          <option value="date">a date</option>
          <option value="count">a number of occurrences more</option>
        </select>
      </label>
      {end === 'date' && (
        <label>
          <span>Date and time, in your zone</span>
          <input type="datetime-local" name="until" required defaultValue={before.until} />
        </label>
      )}
      {end === 'count' && (
        <label>
          <span>Occurrences</span>
          <input
            type="number"
            name="occurrences"
            min={1}
            step={1}
            required
            defaultValue={before.occurrences}
          />
        </label>
      )}
      <p class="muted">A muted group is counted, and not reported.</p>
    </FormDialog>
  )
}
