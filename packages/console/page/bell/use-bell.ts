import { keepPreviousData, queryOptions, useQuery } from '@tanstack/preact-query'
import { useMemo, useState } from 'preact/hooks'
import type { GroupPage } from '../../src/api/model.js'
import type { Api } from '../api/client.js'
import { useApi } from '../api/context.js'
import { useNow } from '../components/clock.js'
import { type BellGroup, markSeen, readSeen, ringing } from './seen-groups.js'

/** How often new groups are asked for, in milliseconds, while the page is in sight. */
const ASKED_EACH_MS = 15_000
/** Groups of either kind that are told of. */
const TOLD = 20

/** What rings, and how to silence it. */
export interface BellState {
  readonly groups: readonly BellGroup[]
  /** Whether there may be more than are told of. */
  readonly isCut: boolean
  markAllSeen(): void
}

/** New and regressed groups since the reader last looked. */
export function useBell(): BellState {
  const api = useApi()
  const now = useNow()
  const [mark, setMark] = useState(() => readSeen(browserStorage(), now))
  const fresh = useQuery(bellQuery(api, { status: 'open', newFrom: mark.seenUntil }))
  const again = useQuery(bellQuery(api, { status: 'regressed', seenFrom: mark.seenUntil }))
  const found = useMemo(
    () => [...(fresh.data?.items ?? []), ...(again.data?.items ?? [])],
    [fresh.data, again.data],
  )
  return {
    groups: useMemo(() => ringing(found, mark), [found, mark]),
    isCut: fresh.data?.nextCursor !== undefined || again.data?.nextCursor !== undefined,
    markAllSeen: () => setMark(markSeen(browserStorage(), found, mark)),
  }
}

const bellQuery = (api: Api, query: { status: string; newFrom?: number; seenFrom?: number }) =>
  queryOptions({
    queryKey: ['bell', query],
    queryFn: ({ signal }) => api.get<GroupPage>('groups', { ...query, limit: TOLD }, signal),
    refetchInterval: ASKED_EACH_MS,
    placeholderData: keepPreviousData,
  })

function browserStorage(): Storage | undefined {
  try {
    return window.localStorage
  } catch {
    // Refused for this page.
    return undefined
  }
}
