import { useQuery } from '@tanstack/preact-query'
import { useApi } from '../api/context.js'
import { releasesQuery } from '../api/queries.js'
import { FormDialog } from '../components/form-dialog.js'
import type { GroupFields } from './apply-change.js'

const NONE = '\u0000none'
/** The server knows which it is. */
const NEWEST = ''

/** Asks which release fixes a group. */
export function ResolveDialog({
  onResolve,
  onClose,
}: {
  onResolve: (fields: GroupFields) => void
  onClose: () => void
}) {
  const { data: releases } = useQuery(releasesQuery(useApi()))
  return (
    <FormDialog
      title="Resolve the group"
      submitLabel="Resolve"
      onClose={onClose}
      onSubmit={(form) => {
        const other = String(form.get('other') ?? '').trim()
        const release = other === '' ? String(form.get('release') ?? NEWEST) : other
        const resolvedIn = release === NONE ? null : release
        onResolve({ status: 'resolved', ...(resolvedIn === NEWEST ? {} : { resolvedIn }) })
      }}
    >
      <label>
        <span>Mended in release</span>
        {/* Another list once they are known: the one that is there would keep what was chosen in it by default. */}
        <select key={releases === undefined ? 'loading' : 'loaded'} name="release">
          {releases === undefined && <option value={NEWEST}>The newest</option>}
          {releases?.map(({ release }, index) => (
            <option key={release} value={release}>
              {index === 0 ? `${release} (the newest)` : release}
            </option>
          ))}
          <option value={NONE}>No release</option>
        </select>
      </label>
      <label>
        <span>Or in one that is still to come</span>
        <input name="other" maxLength={200} placeholder="1.5.0" autocomplete="off" />
      </label>
      <p class="muted">
        When it comes again in this release or an older one, it stays resolved. In a newer one it
        becomes regressed and is reported at once.
      </p>
    </FormDialog>
  )
}
