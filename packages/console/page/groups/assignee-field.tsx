import { useState } from 'preact/hooks'
import type { Group } from '../../src/api/model.js'
import { useSession } from '../api/context.js'
import type { GroupChanger } from './use-group-change.js'

/** Who looks after the group. */
export function AssigneeField({
  group,
  canChange,
  change,
}: {
  group: Group
  canChange: boolean
  change: GroupChanger['change']
}) {
  const [isEdited, setEdited] = useState(false)
  const me = useSession()?.user ?? null
  const assign = (assignee: string | null): void => {
    setEdited(false)
    if (assignee !== group.assignee)
      change({ assignee }, assignee === null ? 'No longer assigned' : `Assigned to ${assignee}`)
  }
  if (isEdited)
    return (
      <form
        class="inline-form"
        onSubmit={(event) => {
          event.preventDefault()
          const text = String(new FormData(event.currentTarget).get('assignee') ?? '').trim()
          assign(text === '' ? null : text)
        }}
      >
        <label>
          <span>Assignee</span>
          <input name="assignee" maxLength={200} defaultValue={group.assignee ?? ''} />
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
      <h3>Assignee</h3>
      <p class="wrap">{group.assignee ?? <span class="muted">Nobody</span>}</p>
      {canChange && (
        <div class="buttons">
          {me !== null && me !== group.assignee && (
            <button type="button" class="quiet" onClick={() => assign(me)}>
              Assign to me
            </button>
          )}
          <button
            type="button"
            class="quiet"
            aria-label="Change the assignee"
            onClick={() => setEdited(true)}
          >
            Change
          </button>
        </div>
      )}
    </div>
  )
}
