import type {
  BucketQuery,
  RecordFilter,
  RecordKind,
  TallyField,
  TallyQuery,
} from '@fastify-scs/store/adapter'
import type { CheckedAdapter } from '@fastify-scs/store/contract'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** One thing that a page of the console asks a store for. */
export interface ConsoleView {
  readonly name: string
  readonly ask: (store: CheckedAdapter) => Promise<unknown>
}

/** Everything that the console asks for, over what `fillForConsole` stores until `to`. */
export function consoleViews(to: number): readonly ConsoleView[] {
  const day = { from: to - DAY_MS, to }
  const week = { from: to - 7 * DAY_MS, to }
  return [
    ...pages('integration_requests', [
      {},
      { service: 'service-7' },
      { status: 'Failed' },
      { status: ['Failed', 'Queued'] },
      { statusNot: 'Completed' },
      { statusCode: 503 },
      { statusCode: { from: 500 } },
      { requestId: 'request-500000' },
      { remoteId: 'remote-500000' },
      { method: 'POST' },
      { method: 'DELETE', ...day },
      { direction: 'in', ...day },
      { urlPrefix: 'https://api-7.' },
      { urlPrefix: 'https://nowhere.', ...day },
      { reference: { type: 'Order', id: 'order-417' } },
      { user: 'user-417' },
      { route: 'GET /orders/:id/part-7' },
      { release: '1.3.0' },
      { traceId: (500_000).toString(16).padStart(32, '0') },
      { text: 'orders/999' },
      { text: 'no such text', ...day },
      day,
      { service: 'service-7', status: 'Failed' },
      { service: 'service-7', statusCode: { from: 500 }, ...day },
      { service: 'service-1', user: 'user-417' },
      { route: 'GET /orders/:id/part-3', status: 'Failed' },
      { route: 'GET /orders/:id/part-7', release: '1.3.0' },
      { user: 'user-417', status: 'Failed' },
      { release: '1.0.0', status: 'Failed' },
      { service: 'service-7', text: 'no such text', ...day },
      // Each is frequent, and no record has both.
      { service: 'service-1', status: 'Failed' },
      { service: 'service-1', status: 'Failed', ...day },
      { route: 'GET /orders/:id/part-7', status: 'Failed' },
    ]),
    ...pages('reports', [
      {},
      { fingerprint: 'fingerprint-417' },
      { level: 'error' },
      { status: 'fatal' },
      { release: '1.3.0', status: 'fatal' },
      { route: 'GET /orders/:id/part-0', status: 'fatal' },
    ]),
    ...tallies(
      'integration_requests',
      ['service', 'status', 'statusCode', 'route', 'user', 'release'],
      day,
    ),
    ...tallies('reports', ['fingerprint', 'status', 'user', 'route'], day),
    ...tallies('integration_requests', ['service'], week),
    ...tallies('integration_requests', ['service'], { ...week, where: { status: 'Failed' } }),
    ...buckets('integration_requests', { ...day, bucketMs: HOUR_MS / 2 }, [
      {},
      ...counted({}),
      ...counted({ by: 'service' }),
      ...counted({ service: 'service-7' }),
      ...counted({ status: 'Failed', by: 'service' }),
      ...counted({ route: 'GET /orders/:id/part-7' }),
    ]),
    ...buckets('integration_requests', { ...week, bucketMs: 3 * HOUR_MS }, [
      ...counted({ by: 'status' }),
      ...counted({ status: 'Failed', by: 'service' }),
      ...counted({ status: 'Queued', service: 'service-4' }),
    ]),
    ...buckets('reports', { ...day, bucketMs: HOUR_MS / 2 }, [
      {},
      ...counted({ by: 'status' }),
      ...counted({ fingerprint: 'fingerprint-417' }),
    ]),
    ...buckets('reports', { ...week, bucketMs: 3 * HOUR_MS }, counted({ by: 'status' })),
    ...groupViews(to),
    ...routeViews(to),
    { name: 'releases', ask: (store) => store.releases(50) },
    { name: 'size', ask: (store) => store.size() },
  ]
}

function pages(kind: RecordKind, filters: readonly RecordFilter[]): ConsoleView[] {
  return filters.map((filter) => ({
    name: `${kind} ${shown(filter)}`,
    ask: (store) => store.find(kind, { ...filter, limit: 50 }),
  }))
}

type TallyMore = Pick<TallyQuery, 'where'> & { readonly from: number; readonly to: number }

function tallies(kind: RecordKind, fields: readonly TallyField[], query: TallyMore): ConsoleView[] {
  return fields.map((by) => ({
    name: `${kind} of ${lengthOf(query)} by ${by} ${shown(query.where ?? {})}`.trim(),
    ask: (store) => store.tally(kind, { by, ...query }),
  }))
}

/** As the console asks: its charts show no durations. */
function counted(asked: Partial<BucketQuery>): readonly Partial<BucketQuery>[] {
  return [{ ...asked, percentiles: false }]
}

function buckets(
  kind: RecordKind,
  query: BucketQuery,
  asked: readonly Partial<BucketQuery>[],
): ConsoleView[] {
  return asked.map((more) => ({
    name: `${kind} of ${lengthOf(query)} over time ${shown(more)}`,
    ask: (store) => store.buckets(kind, { ...query, ...more }),
  }))
}

function routeViews(to: number): ConsoleView[] {
  const day = { from: to - DAY_MS, to }
  const route = 'GET /orders/:id/part-7'
  return [
    { name: 'routes of 24 h', ask: (store) => store.routeStats({ ...day, limit: 50 }) },
    {
      name: 'one route of 24 h, by 15 minutes',
      ask: (store) => store.routeStats({ ...day, route, bucketMs: HOUR_MS / 4 }),
    },
  ]
}

function groupViews(to: number): ConsoleView[] {
  const counts = { from: to - DAY_MS, to, bucketMs: HOUR_MS }
  return [
    { name: 'groups', ask: (store) => store.groups({ counts }) },
    {
      name: 'groups, the most first',
      ask: (store) => store.groups({ counts, order: 'occurrences' }),
    },
    { name: 'groups with a text', ask: (store) => store.groups({ counts, text: 'part 417' }) },
    { name: 'groups that are open', ask: (store) => store.groups({ counts, status: 'open' }) },
    { name: 'one group', ask: (store) => store.groups({ counts, fingerprint: 'fingerprint-417' }) },
  ]
}

/** A filter in a few words; times are the last day. */
function shown(filter: object): string {
  const fields = Object.entries(filter).filter(([key]) => key !== 'to')
  return fields
    .map(([key, value]) => (key === 'from' ? 'last 24 h' : `${key}=${JSON.stringify(value)}`))
    .join(' ')
}

function lengthOf({ from, to }: { readonly from: number; readonly to: number }): string {
  return to - from > DAY_MS ? '7 days' : '24 h'
}
