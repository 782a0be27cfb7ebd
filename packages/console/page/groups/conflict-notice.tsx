import { statusFacts } from './apply-change.js'
import type { GroupChanger } from './use-group-change.js'

/** Somebody was quicker: shows what they decided, and lets the reader decide. */
export function ConflictNotice({ changer }: { changer: GroupChanger }) {
  const { conflict } = changer
  if (conflict === undefined) return null
  const { theirs, wanted } = conflict
  return (
    <div class="notice notice-warn" role="alert">
      <div>
        <p>
          <strong>{theirs.changedBy ?? 'Somebody'} changed this group meanwhile.</strong>
        </p>
        <p class="wrap">Now: {statusFacts(theirs)[0]}</p>
        <p class="muted wrap">
          You wanted: {Object.entries(wanted).map(wantedText).filter(Boolean).join(', ')}
        </p>
      </div>
      <div class="buttons">
        <button type="button" onClick={changer.keepTheirs}>
          Keep theirs
        </button>
        <button type="button" onClick={changer.applyMine}>
          Make my change
        </button>
      </div>
    </div>
  )
}

function wantedText([name, value]: readonly [string, unknown]): string {
  if (value === null || value === undefined) return ''
  return name === 'status' ? String(value) : `${name} ${String(value)}`
}
