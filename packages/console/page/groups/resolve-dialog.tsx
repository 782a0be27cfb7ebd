import { useQuery } from '@tanstack/preact-query'
import { useApi } from '../api/context.js'
import { releasesQuery } from '../api/queries.js'
import { FormDialog } from '../components/form-dialog.js'
import type { GroupFields } from './apply-change.js'

const NONE = '\u0000none'

/** Asks which release mends a group. */
export function ResolveDialog({
  onResolve,
  onClose,
}: {
  onResolve: (fields: GroupFields) => void
  onClose: () => void
}) {
  const releases = useQuery(releasesQuery(useApi())).data ?? []
  return (
    <FormDialog
      title="Resolve the group"
      submitLabel="Resolve"
      onClose={onClose}
      onSubmit={(form) => {
        const release = String(form.get('release') ?? NONE)
        const other = String(form.get('other') ?? '').trim()
        onResolve({
          status: 'resolved',
          resolvedIn: other !== '' ? other : release === NONE ? null : release,
        })
      }}
    >
      <label>
        <span>Mended in release</span>
        <select name="release">
          {releases.map(({ release }, index) => (
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
