import { useQueryClient } from '@tanstack/preact-query'
import { Link } from 'wouter-preact'
import type { Group } from '../../src/api/model.js'
import { useApi } from '../api/context.js'
import { groupQuery } from '../api/queries.js'
import { spanOf } from '../charts/range.js'
import { Sparkline } from '../charts/sparkline.js'
import type { Span } from '../charts/spread-counts.js'
import { StatusBadge } from '../components/badge.js'
import { useNow } from '../components/clock.js'
import { countOf, shortCountText } from '../components/number-text.js'
import { Ago } from '../components/time.js'
import { paths } from '../shell/paths.js'
import { readTitle } from './group-title.js'

/** Users of a group are counted up to this number. */
const MOST_USERS = 1_000

/** One group in a list. */
export function GroupRow({ group, span }: { group: Group; span: Span }) {
  const { headline, endpoint, code } = readTitle(group.title)
  const prefetch = usePrefetchGroup(group.fingerprint)
  return (
    <li class="group-row">
      <div class="group-what">
        <Link
          href={paths.group(group.fingerprint)}
          class="group-headline clamped"
          data-row=""
          onPointerEnter={prefetch}
          onFocus={prefetch}
        >
          {headline}
        </Link>
        <p class="group-where">
          {group.kind !== null && <StatusBadge status={group.kind} />}
          {group.status !== 'open' && <StatusBadge status={group.status} />}
          {endpoint !== undefined && !headline.startsWith(endpoint) && (
            <span class="mono wrap">{endpoint}</span>
          )}
          {code !== undefined && <span class="group-code wrap">{code}</span>}
          {group.lastRelease !== null && <span>in {group.lastRelease}</span>}
          {group.assignee !== null && <span class="wrap">assigned to {group.assignee}</span>}
        </p>
      </div>
      <div class="group-spark">
        <Sparkline counts={group.counts} span={span} />
      </div>
      <p class="group-when">
        <Ago at={group.lastSeenAt} />
        <span class="muted">
          first <Ago at={group.firstSeenAt} />
        </span>
      </p>
      <p class="group-count">
        <span class="strong number" title={countOf(group.occurrences, 'occurrence')}>
          {shortCountText(group.occurrences)}
        </span>
        <span class="muted number">{usersText(group.users)}</span>
      </p>
    </li>
  )
}

/** `3 users`; from 1,000 on they are no longer counted. */
export function usersText(users: number): string {
  return users >= MOST_USERS ? '1,000+ users' : countOf(users, 'user')
}

/** Asks for a group before it is opened: its page is there at once then. It has no bodies, so nobody looks at anything by it. */
function usePrefetchGroup(fingerprint: string): () => void {
  const api = useApi()
  const queries = useQueryClient()
  const span = spanOf('24h', useNow())
  return () => void queries.prefetchQuery(groupQuery(api, fingerprint, span))
}
