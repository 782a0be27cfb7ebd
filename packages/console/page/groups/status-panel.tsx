import { useState } from 'preact/hooks'
import type { Group } from '../../src/api/model.js'
import { useSession } from '../api/context.js'
import { StatusBadge } from '../components/badge.js'
import { countText } from '../components/number-text.js'
import { Panel } from '../components/panel.js'
import { Ago, At } from '../components/time.js'
import { useShortcut } from '../shell/shortcuts.js'
import { statusFacts } from './apply-change.js'
import { AssigneeField } from './assignee-field.js'
import { ConflictNotice } from './conflict-notice.js'
import { MuteDialog } from './mute-dialog.js'
import { NoteField } from './note-field.js'
import { ResolveDialog } from './resolve-dialog.js'
import { useGroupChange } from './use-group-change.js'

/** What has been decided about a group, and the ways to decide otherwise. */
export function StatusPanel({ group }: { group: Group }) {
  const session = useSession()
  const changer = useGroupChange(group)
  const canChange = session?.canChange === true
  return (
    <Panel title="Status" aside={<StatusBadge status={group.status} />}>
      <div class="stack">
        {changer.conflict !== undefined && <ConflictNotice changer={changer} />}
        <StatusText group={group} />
        {canChange && <StatusButtons group={group} change={changer.change} />}
        {session !== undefined && !canChange && (
          <p class="muted">
            {session.isReadOnly
              ? 'This console was opened read only.'
              : 'You may look and not change: the application did not allow it (authorizeChange).'}
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

function StatusButtons({
  group,
  change,
}: {
  group: Group
  change: ReturnType<typeof useGroupChange>['change']
}) {
  const [asked, setAsked] = useState<'resolve' | 'mute'>()
  useShortcut('r', 'Resolve the group', () => setAsked('resolve'))
  useShortcut('m', 'Mute the group', () => setAsked('mute'))
  return (
    <>
      <div class="buttons">
        {group.status !== 'resolved' && (
          <button type="button" class="primary" onClick={() => setAsked('resolve')}>
            Resolve
          </button>
        )}
        {group.status !== 'muted' && (
          <button type="button" onClick={() => setAsked('mute')}>
            Mute
          </button>
        )}
        {group.status !== 'open' && (
          <button type="button" onClick={() => change({ status: 'open' }, 'Reopened')}>
            Reopen
          </button>
        )}
      </div>
      {asked === 'resolve' && (
        <ResolveDialog
          onClose={() => setAsked(undefined)}
          onResolve={(fields) => change(fields, 'Resolved')}
        />
      )}
      {asked === 'mute' && (
        <MuteDialog
          onClose={() => setAsked(undefined)}
          onMute={(fields) => change(fields, 'Muted')}
        />
      )}
    </>
  )
}
