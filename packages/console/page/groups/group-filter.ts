import type { ApiQuery } from '../api/client.js'

/** The tabs of the list, each with the statuses that it shows. */
export const TABS = ['open', 'regressed', 'muted', 'resolved'] as const
export type Tab = (typeof TABS)[number]

/** What the tab `all` shows. */
export const ALL = 'all'

/** What the list can be ordered by. */
export const ORDERS = {
  lastSeen: 'Last seen',
  firstSeen: 'First seen',
  occurrences: 'Occurrences',
} as const
export type GroupOrder = keyof typeof ORDERS

/** What the list can be narrowed to. */
export const KINDS = {
  fatal: 'Crashes',
  'non-fatal': 'Non-fatal',
  slow: 'Slow',
  stuck: 'Stuck',
  blocked: 'Blocked',
} as const
export type GroupKind = keyof typeof KINDS

/** What the address says of the list. */
export interface GroupListFilter {
  /** @default 'open' */
  readonly tab: Tab | typeof ALL
  readonly kind: GroupKind | undefined
  readonly order: GroupOrder
  readonly text: string
  readonly assignee: string
  readonly firstRelease: string
}

/** Reads the address; what it does not know is left out. */
export function readGroupFilter(params: URLSearchParams): GroupListFilter {
  const tab = params.get('status')
  const kind = params.get('kind')
  const order = params.get('order')
  return {
    tab: tab === ALL ? ALL : (TABS.find((each) => each === tab) ?? 'open'),
    kind: isKeyOf(KINDS, kind) ? kind : undefined,
    order: isKeyOf(ORDERS, order) ? order : 'lastSeen',
    text: params.get('text') ?? '',
    assignee: params.get('assignee') ?? '',
    firstRelease: params.get('firstRelease') ?? '',
  }
}

/** What the API is asked for a page of the list, without its cursor. */
export function groupListQuery(filter: GroupListFilter): ApiQuery {
  const { tab, kind, order, text, assignee, firstRelease } = filter
  return {
    status: tab === ALL ? undefined : tab,
    kind,
    order,
    text,
    assignee,
    firstRelease,
  }
}

/** Whether anything but the tab and the order narrows the list. */
export function isNarrowed({ kind, text, assignee, firstRelease }: GroupListFilter): boolean {
  return kind !== undefined || text !== '' || assignee !== '' || firstRelease !== ''
}

function isKeyOf<Map extends object>(
  map: Map,
  key: string | null,
): key is Extract<keyof Map, string> {
  return key !== null && Object.hasOwn(map, key)
}
