import type { Group } from '../../src/api/model.js'
import { useSession } from '../api/context.js'
import { StatusBadge } from '../components/badge.js'
import { countText } from '../components/number-text.js'
import { Panel } from '../components/panel.js'
import { Ago, At } from '../components/time.js'
import { statusFacts } from './apply-change.js'
import { AssigneeField } from './assignee-field.js'
import { NoteField } from './note-field.js'
import type { GroupChanger } from './use-group-change.js'

/** What has been decided about a group, who looks after it, and what people noted. */
export function StatusPanel({ group, changer }: { group: Group; changer: GroupChanger }) {
  const session = useSession()
  const canChange = session?.canChange === true
  return (
    <Panel title="Status" aside={<StatusBadge status={group.status} />}>
      <div class="stack">
        <StatusText group={group} />
        {session !== undefined && !canChange && (
          <p class="muted">
            {session.isReadOnly
              ? 'This console was opened read only.'
              : 'You may look at this group, and not change it. The application decides that with authorizeChange.'}
          </p>
        )}
        <AssigneeField group={group} canChange={canChange} change={changer.change} />
        <NoteField group={group} canChange={canChange} change={changer.change} />
      </div>
    </Panel>
  )
}

function StatusText({ group }: { group: Group }) {
  return (
    <div>
      {statusFacts(group).map((text) => (
        <p key={text} class="wrap">
          {text}
        </p>
      ))}
      {group.mutedUntil !== null && (
        <p>
          Open again on <At at={group.mutedUntil} />.
        </p>
      )}
      {group.mutedUntilOccurrences !== null && (
        <p>Open again at occurrence {countText(group.mutedUntilOccurrences)}.</p>
      )}
      {group.changedAt !== null && (
        <p class="muted">
          Changed <Ago at={group.changedAt} />
          {group.changedBy === null ? '' : ` by ${group.changedBy}`}
        </p>
      )}
    </div>
  )
}
