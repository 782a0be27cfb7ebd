import type { RecordFilter } from '@fastify-scs/core/kit'
import type { CheckedAdapter } from '@fastify-scs/store/contract'
import { routeOf, SPAN_MS } from './console-records.js'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** One kind of page that the console asks for. */
export interface ConsoleView {
  readonly name: string
  readonly look: (store: CheckedAdapter) => Promise<unknown>
}

/** The filters of lists, each alone and in the pairs that people use. */
const LISTS: readonly RecordFilter[] = [
  {},
  { service: 'service-11' },
  { service: 'rare' },
  { status: 'Failed' },
  { status: 'Stuck' },
  { status: ['Failed', 'Stuck'] },
  { status: 'nothing' },
  { statusNot: 'Completed' },
  { statusCode: 500 },
  { statusCode: { from: 500, to: 599 } },
  { statusCode: { from: 600 } },
  { requestId: 'req-1000' },
  { traceId: (1_000).toString(16).padStart(32, '0') },
  { key: 'key-100' },
  { remoteId: 'remote-100' },
  { reference: { type: 'Order', id: 'order-42' } },
  { reference: { type: 'Order' } },
  { user: 'user-42' },
  { route: routeOf(7) },
  { release: '1.0.0' },
  { method: 'POST' },
  { direction: 'in' },
  { urlPrefix: 'https://service-11.example/' },
  { service: 'service-11', status: 'Failed' },
  { service: 'rare', status: 'Failed' },
  { service: 'service-11', status: 'nothing' },
  { service: 'service-11', status: ['Failed', 'Stuck'] },
  { service: 'service-11', statusCode: { from: 500, to: 599 } },
  { service: 'service-11', method: 'GET' },
  { service: 'service-11', route: routeOf(7) },
  { service: 'service-11', user: 'user-42' },
  { status: 'Failed', route: routeOf(7) },
  { status: 'nothing', route: routeOf(7) },
  { status: 'Failed', user: 'user-42' },
  { route: routeOf(7), release: '1.0.0' },
  { user: 'user-42', route: routeOf(7) },
  { status: 'Failed', method: 'GET' },
]

/** All views, over a store that was filled until `now`. */
export function consoleViews(now: number): readonly ConsoleView[] {
  const releases = `1.${Math.floor(now / (5 * DAY_MS)) % 1_000}.0`
  const lists = LISTS.map((filter) => {
    const asked = filter.release === undefined ? filter : { ...filter, release: releases }
    return list('integration_requests', asked)
  })
  return [
    ...lists,
    lateList(now),
    list('integration_requests', { text: 'nowhere', from: now - DAY_MS }),
    list('integration_requests', { urlPrefix: 'https://nowhere', from: now - DAY_MS }),
    list('reports', { fingerprint: 'group-1' }),
    list('reports', { status: ['slow', 'stuck'] }),
    list('audit_events', { fingerprint: 'event-type-7' }),
    list('audit_events', { level: 'error' }),
    list('audit_events', { user: 'user-42' }),
    ...counts(now),
    ...groups(now),
    ...routes(now),
    { name: 'size', look: (store) => store.size() },
  ]
}

function list(
  kind: 'integration_requests' | 'reports' | 'audit_events',
  filter: RecordFilter,
): ConsoleView {
  const { from, ...others } = filter
  const when = from === undefined ? '' : ', a day'
  return {
    name: `${kind} ${JSON.stringify(others)}${when}`,
    look: (store) => store.find(kind, filter),
  }
}

/** A page far behind the first one. */
function lateList(now: number): ConsoleView {
  return {
    name: 'integration_requests {"status":"Failed"}, of 20 days ago',
    look: (store) =>
      store.find('integration_requests', { status: 'Failed', to: now - 20 * DAY_MS }),
  }
}

function counts(now: number): readonly ConsoleView[] {
  const day = { from: now - DAY_MS, to: now }
  const month = { from: now - SPAN_MS, to: now }
  const tally = (by: 'service' | 'route' | 'status' | 'statusCode' | 'user' | 'release') => ({
    name: `tally of calls by ${by}, a day`,
    look: (store: CheckedAdapter) => store.tally('integration_requests', { by, ...day }),
  })
  return [
    ...(['service', 'route', 'status', 'statusCode', 'user', 'release'] as const).map(tally),
    {
      name: 'tally of failed calls by service, a day',
      look: (store) =>
        store.tally('integration_requests', { by: 'service', ...day, where: { status: 'Failed' } }),
    },
    {
      name: 'tally of failed calls by route, a day',
      look: (store) =>
        store.tally('integration_requests', { by: 'route', ...day, where: { status: 'Failed' } }),
    },
    {
      name: 'tally of reports by fingerprint, a day',
      look: (store) => store.tally('reports', { by: 'fingerprint', ...day }),
    },
    {
      name: 'tally of audit events by type, a day',
      look: (store) => store.tally('audit_events', { by: 'type', ...day }),
    },
    {
      name: 'tally of calls by service, 30 days',
      look: (store) => store.tally('integration_requests', { by: 'service', ...month }),
    },
    {
      name: 'tally of calls by route, 30 days',
      look: (store) => store.tally('integration_requests', { by: 'route', ...month }),
    },
    {
      name: 'tally of reports by fingerprint, 30 days',
      look: (store) => store.tally('reports', { by: 'fingerprint', ...month }),
    },
    {
      name: 'buckets of calls, a day',
      look: (store) => store.buckets('integration_requests', { ...day, bucketMs: HOUR_MS }),
    },
    {
      name: 'buckets of calls by service, a day',
      look: (store) =>
        store.buckets('integration_requests', { ...day, bucketMs: HOUR_MS, by: 'service' }),
    },
    {
      name: 'buckets of calls by route, a day',
      look: (store) =>
        store.buckets('integration_requests', { ...day, bucketMs: HOUR_MS, by: 'route' }),
    },
    {
      name: 'buckets of a group, a day',
      look: (store) =>
        store.buckets('reports', { ...day, bucketMs: HOUR_MS, fingerprint: 'group-1' }),
    },
    {
      name: 'buckets of calls of a route, a day',
      look: (store) =>
        store.buckets('integration_requests', { ...day, bucketMs: HOUR_MS, route: routeOf(7) }),
    },
    {
      name: 'buckets of calls, 30 days',
      look: (store) => store.buckets('integration_requests', { ...month, bucketMs: DAY_MS }),
    },
  ]
}

function groups(now: number): readonly ConsoleView[] {
  const spans = { counts: { from: now - DAY_MS, to: now, bucketMs: HOUR_MS } }
  return [
    { name: 'groups by last seen', look: (store) => store.groups(spans) },
    {
      name: 'groups that are open, by occurrences',
      look: (store) => store.groups({ status: 'open', order: 'occurrences', ...spans }),
    },
    {
      name: 'groups that are new',
      look: (store) => store.groups({ newFrom: now - DAY_MS, order: 'firstSeen', ...spans }),
    },
    { name: 'groups by a text', look: (store) => store.groups({ text: 'thing 99', ...spans }) },
    {
      name: 'groups of a text that is nowhere',
      look: (store) => store.groups({ text: 'nowhere', ...spans }),
    },
    { name: 'releases', look: (store) => store.releases(50) },
  ]
}

function routes(now: number): readonly ConsoleView[] {
  const to = Math.floor(now / HOUR_MS) * HOUR_MS
  return [
    {
      name: 'calls of all routes, a day',
      look: (store) => store.routeStats({ from: now - DAY_MS, to: now }),
    },
    {
      name: 'calls of a route by the hour, a day',
      look: (store) =>
        store.routeStats({ from: to - DAY_MS, to, route: routeOf(7), bucketMs: HOUR_MS }),
    },
    {
      name: 'calls of all routes by the hour, a day',
      look: (store) => store.routeStats({ from: to - DAY_MS, to, bucketMs: HOUR_MS }),
    },
    {
      name: 'calls of all routes, an hour',
      look: (store) => store.routeStats({ from: now - HOUR_MS, to: now }),
    },
  ]
}
