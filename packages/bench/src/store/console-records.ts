import type { StoreRecord } from '@fastify-scs/store/adapter'
import type { CheckedAdapter } from '@fastify-scs/store/contract'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const BATCH = 1_000
const SERVICES = 20
const ROUTES = 50
const DEFAULT_GROUPS = 10_000
const DEFAULT_ROUTE_MINUTES = 24 * 60
const STATUSES = ['Completed', 'Completed', 'Completed', 'Failed', 'Queued'] as const
const RULES = { growth: 2, quietMs: HOUR_MS }

/** How long the filled store reaches back from its end, in milliseconds: a week. */
export const CONSOLE_SPAN_MS: number = 7 * 24 * HOUR_MS

/** What a store is filled with before its views are measured. */
export interface ConsoleFill {
  /** The newest record is made before this time, in milliseconds since 1970. */
  readonly to: number
  /** Integration requests, spread over a week. */
  readonly requests: number
  /** Groups of reports. @default 10,000 */
  readonly groups?: number
  /** Minutes of each route and instance, the last ones. @default those of a day */
  readonly routeMinutes?: number
}

/**
 * Fills a store as a week of work would: integration requests, a report for each tenth of them, groups of reports, and the
 * minutes of 50 routes and 2 instances.
 */
export async function fillForConsole(
  store: Pick<CheckedAdapter, 'insert' | 'countGroups' | 'noteRelease'>,
  { to, requests, groups = DEFAULT_GROUPS, routeMinutes = DEFAULT_ROUTE_MINUTES }: ConsoleFill,
): Promise<void> {
  const stepMs = CONSOLE_SPAN_MS / requests
  const at = (number: number) => Math.floor(to - (requests - number) * stepMs)
  for (let first = 0; first < requests; first += 2 * BATCH) {
    const batches = [first, first + BATCH].map((from) => {
      const count = Math.max(0, Math.min(BATCH, requests - from))
      return Array.from({ length: count }, (_, index) => request(from + index, at(from + index)))
    })
    await Promise.all(batches.map((batch) => store.insert(batch)))
    const reports = batches.flat().filter((_, index) => index % 10 === 0)
    await store.insert(reports.map((each) => report(each, groups)))
  }
  await fillGroups(store, to, groups)
  await fillRoutes(store, to, routeMinutes)
}

function request(number: number, createdAt: number): StoreRecord {
  const status = STATUSES[number % STATUSES.length] ?? 'Completed'
  const url = `https://api-${number % SERVICES}.example/v2/orders/${number}`
  return {
    kind: 'integration_requests',
    id: idOf(createdAt, number),
    createdAt,
    revision: 0,
    importance: 'normal',
    keys: {
      service: `service-${number % SERVICES}`,
      status,
      statusCode: status === 'Failed' ? 500 + (number % 4) : 200,
      requestId: `request-${number}`,
      remoteId: `remote-${number}`,
      referenceType: 'Order',
      referenceId: `order-${number % 50_000}`,
      user: `user-${number % 5_000}`,
      route: routeOf(number % ROUTES),
      release: `1.${Math.floor(number / 50_000)}.0`,
      traceId: number.toString(16).padStart(32, '0'),
      durationMs: 10 + ((number * 7_919) % 2_000),
      summary: `POST ${url}`,
    },
    data: { method: 'POST', isRemoteRequest: true, url, output: 'x'.repeat(300), attempt: 1 },
  }
}

function report({ createdAt, keys }: StoreRecord, groups: number): StoreRecord {
  const number = Number(keys.requestId?.slice('request-'.length))
  const { service, user, route, release, traceId, requestId } = keys
  const shared = { service, user, route, release, traceId, requestId }
  const given = Object.entries(shared).filter(([, value]) => value !== undefined)
  return {
    kind: 'reports',
    id: idOf(createdAt, number),
    createdAt,
    revision: 0,
    importance: 'normal',
    keys: {
      ...Object.fromEntries(given),
      status: number % 30 === 0 ? 'fatal' : 'non-fatal',
      level: 'error',
      fingerprint: fingerprintOf((number / 10) % groups),
      summary: `TypeError: cannot read order ${number}`,
    },
    data: { message: 'cannot read order', stack: 'x'.repeat(800) },
  }
}

async function fillGroups(
  store: Pick<CheckedAdapter, 'countGroups' | 'noteRelease'>,
  to: number,
  groups: number,
): Promise<void> {
  for (let minor = 0; minor < 20; minor++)
    await store.noteRelease(`1.${minor}.0`, to - Math.floor(CONSOLE_SPAN_MS / (minor + 1)))
  for (let hour = 0; hour < 24; hour += 3) {
    for (let first = 0; first < groups; first += BATCH) {
      const sightings = Array.from({ length: Math.min(BATCH, groups - first) }, (_, index) => {
        const number = first + index
        const seenAt = to - hour * HOUR_MS - number * 100
        return {
          fingerprint: fingerprintOf(number),
          occurrences: 1 + (number % 90),
          firstSeenAt: seenAt,
          lastSeenAt: seenAt,
          canReport: true,
          title: `TypeError: cannot read part ${number} of an order`,
          kind: number % 3 === 0 ? ('fatal' as const) : ('non-fatal' as const),
          release: `1.${number % 20}.0`,
          users: [`user-${number % 5_000}`],
        }
      })
      await store.countGroups(sightings, RULES)
    }
  }
}

async function fillRoutes(
  store: Pick<CheckedAdapter, 'insert'>,
  to: number,
  minutes: number,
): Promise<void> {
  const end = Math.floor(to / MINUTE_MS) * MINUTE_MS
  for (let minute = minutes; minute > 0; minute -= 10) {
    const createdAt = end - minute * MINUTE_MS
    await store.insert(
      Array.from({ length: 10 * ROUTES * 2 }, (_, index) =>
        routeMinute(createdAt + Math.floor(index / (ROUTES * 2)) * MINUTE_MS, index),
      ),
    )
  }
}

/** The calls of a route in a minute: 20 buckets of its histogram, as a route has that answers in 1 to 100 ms. */
function routeMinute(createdAt: number, number: number): StoreRecord {
  const buckets = Array.from({ length: 20 }, (_, index) => [
    60 + index * 3,
    1 + ((number + index) % 7),
  ])
  const calls = buckets.reduce((sum, [, count = 0]) => sum + count, 0)
  return {
    kind: 'route_stats',
    id: idOf(createdAt, number),
    createdAt,
    revision: 0,
    importance: 'low',
    keys: { service: 'shop', route: routeOf(number % ROUTES) },
    data: {
      instance: `instance-${Math.floor(number / ROUTES) % 2}`,
      calls,
      failed: number % 3,
      slow: number % 2,
      stuck: 0,
      aborted: 0,
      sumMs: calls * 20,
      minMs: 1,
      maxMs: 100 + (number % 50),
      buckets: buckets.flat(),
    },
  }
}

function routeOf(number: number): string {
  return `GET /orders/:id/part-${number}`
}

function fingerprintOf(number: number): string {
  return `fingerprint-${number}`
}

/** A UUID v7 that sorts by time, then by number. */
function idOf(createdAt: number, number: number): string {
  const time = createdAt.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${number.toString(16).padStart(12, '0')}`
}
