import { useState } from 'preact/hooks'
import type { Group } from '../../src/api/model.js'
import { useSession } from '../api/context.js'
import { useShortcut } from '../shell/shortcuts.js'
import { MuteDialog } from './mute-dialog.js'
import { ResolveDialog } from './resolve-dialog.js'
import type { GroupChanger } from './use-group-change.js'

/** The ways to decide about a group; nothing for those who may only look. */
export function StatusButtons(props: { group: Group; change: GroupChanger['change'] }) {
  return useSession()?.canChange === true ? <Buttons {...props} /> : null
}

function Buttons({ group, change }: { group: Group; change: GroupChanger['change'] }) {
  const [asked, setAsked] = useState<'resolve' | 'mute'>()
  const { status } = group
  const isMuted = status === 'muted'
  useShortcut('r', 'Resolve the group', () => {
    if (status !== 'resolved') setAsked('resolve')
  })
  useShortcut('m', isMuted ? 'Change the mute' : 'Mute the group', () => setAsked('mute'))
  return (
    <>
      <div class="buttons">
        {status !== 'resolved' && (
          <button type="button" class="primary" onClick={() => setAsked('resolve')}>
            Resolve
          </button>
        )}
        <button type="button" onClick={() => setAsked('mute')}>
          {isMuted ? 'Change the mute' : 'Mute'}
        </button>
        {status !== 'open' && (
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
          group={group}
          onClose={() => setAsked(undefined)}
          onMute={(fields) => change(fields, isMuted ? 'Mute changed' : 'Muted')}
        />
      )}
    </>
  )
}
