import type { Group } from '../../src/api/model.js'
import { useSession } from '../api/context.js'
import { EditableField } from './editable-field.js'
import type { GroupChanger } from './use-group-change.js'

/** Who looks after the group. */
export function AssigneeField({
  group: { assignee },
  canChange,
  change,
}: {
  group: Group
  canChange: boolean
  change: GroupChanger['change']
}) {
  const me = useSession()?.user ?? null
  const assign = (who: string | null): void => {
    if (who !== assignee)
      change({ assignee: who }, who === null ? 'No longer assigned' : `Assigned to ${who}`)
  }
  return (
    <EditableField
      label="Assignee"
      value={<p class="wrap">{assignee ?? <span class="muted">Nobody</span>}</p>}
      field={(id) => <input id={id} name="value" maxLength={200} defaultValue={assignee ?? ''} />}
      actions={
        me !== null &&
        me !== assignee && (
          <button type="button" class="quiet" onClick={() => assign(me)}>
            Assign to me
          </button>
        )
      }
      edit={canChange ? { word: 'Change', label: 'Change the assignee' } : undefined}
      onSave={assign}
    />
  )
}
