import type { ListedKind } from '../../src/api/model.js'

/** The kinds of the live tail, as they are called there. */
export const LIVE_KINDS: readonly (readonly [kind: ListedKind, label: string])[] = [
  ['reports', 'Reports'],
  ['integration_requests', 'Calls'],
  ['audit_events', 'Audit events'],
]

/** What of the page's address filters the live tail. */
export const LIVE_FILTERS = ['text', 'service', 'user', 'status', 'level'] as const

/** What the live tail is asked for, as the query of its address. */
export interface LiveQuery {
  readonly kinds: string
  readonly [filter: string]: string
}

/** The kinds that the address names; all of them where it names none. */
export function kindsOf(params: URLSearchParams): readonly ListedKind[] {
  const named = (params.get('kinds') ?? '').split(',')
  const kinds = LIVE_KINDS.map(([kind]) => kind).filter((kind) => named.includes(kind))
  return kinds.length === 0 ? LIVE_KINDS.map(([kind]) => kind) : kinds
}

/** The query of the stream for the query of the page. */
export function liveQueryOf(params: URLSearchParams): LiveQuery {
  const filters = LIVE_FILTERS.flatMap((name) => {
    const value = params.get(name)?.trim() ?? ''
    return value === '' ? [] : [[name, value] as const]
  })
  return { kinds: kindsOf(params).join(','), ...Object.fromEntries(filters) }
}

/** The kinds with one put in or taken out, as the address says them: nothing for all of them, and never none. */
export function kindsAfter(kinds: readonly ListedKind[], one: ListedKind): string | undefined {
  const wanted = LIVE_KINDS.map(([kind]) => kind).filter(
    (kind) => kinds.includes(kind) !== (kind === one),
  )
  return wanted.length === 0 || wanted.length === LIVE_KINDS.length ? undefined : wanted.join(',')
}
