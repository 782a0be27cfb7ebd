import { useMutation, useQueryClient } from '@tanstack/preact-query'
import { useState } from 'preact/hooks'
import type { Group, GroupChange, ReleaseRow } from '../../src/api/model.js'
import { ApiFailure } from '../api/client.js'
import { useApi, useSession } from '../api/context.js'
import { segment } from '../api/queries.js'
import { useNow } from '../components/clock.js'
import { useToast } from '../shell/toasts.js'
import { appliedChange, type GroupFields } from './apply-change.js'
import { refreshGroups, showGroup } from './cached-groups.js'

/** Somebody else has changed the group since the reader saw it. */
export interface Conflict {
  /** The group as they left it. */
  readonly theirs: Group
  /** What the reader wanted. */
  readonly wanted: GroupFields
}

/** How a group is changed. */
export interface GroupChanger {
  /** Changes it; the page shows the change before the server has answered. */
  change(fields: GroupFields, done: string): void
  readonly conflict: Conflict | undefined
  /** Makes the reader's change of the group as the others left it. */
  applyMine(): void
  /** Leaves the group as the others left it. */
  keepTheirs(): void
}

interface Wanted {
  readonly from: Group
  readonly fields: GroupFields
  /** What the reader is told when it is done. */
  readonly done: string
}

/** Changes a group that is shown, shows the change at once, and takes it back when the server does not take it. */
export function useGroupChange(fingerprint: string, group: Group | undefined): GroupChanger {
  const api = useApi()
  const queries = useQueryClient()
  const toast = useToast()
  const now = useNow()
  const user = useSession()?.user ?? null
  const [conflict, setConflict] = useState<Conflict>()
  const { mutate } = useMutation({
    mutationFn: ({ from, fields }: Wanted) =>
      api.post<{ group: Group }>(`groups/${segment(fingerprint)}`, {
        ...fields,
        revision: from.revision,
      } satisfies GroupChange),
    onMutate: async ({ from, fields }) => {
      setConflict(undefined)
      // An answer that is on its way shows the group as it was.
      await queries.cancelQueries({ queryKey: ['group', fingerprint] })
      const releases = queries.getQueryData<readonly ReleaseRow[]>(['releases'])
      const newestRelease = releases?.[0]?.release ?? null
      showGroup(queries, appliedChange(from, fields, { user, now, newestRelease }))
    },
    onSuccess: (answer, { done }) => {
      showGroup(queries, answer.group)
      refreshGroups(queries, fingerprint)
      toast({ text: done })
    },
    onError: (error, { from, fields }) => {
      const theirs = groupOfConflict(error)
      showGroup(queries, theirs ?? from)
      if (theirs === undefined) toast({ text: `Not changed. ${error.message}`, kind: 'failed' })
      else setConflict({ theirs, wanted: fields })
    },
  })
  return {
    change: (fields, done) => {
      if (group !== undefined) mutate({ from: group, fields, done })
    },
    conflict,
    applyMine: () => {
      if (conflict !== undefined)
        mutate({ from: conflict.theirs, fields: conflict.wanted, done: 'Changed' })
    },
    keepTheirs: () => setConflict(undefined),
  }
}

/** The group that a refused change came upon; undefined for another failure. */
function groupOfConflict(error: Error): Group | undefined {
  if (!(error instanceof ApiFailure) || error.status !== 409) return undefined
  const { group } = (error.details ?? {}) as { readonly group?: Group }
  return group
}
