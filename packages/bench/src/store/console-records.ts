import { DurationHistogram, type RecordKeys, type StoreRecord } from '@fastify-scs/core/kit'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** Groups of like errors. */
export const GROUPS = 10_000
/** Routes of the service, and instances that count their calls. */
export const ROUTES = 50
const INSTANCES = 2
/** How long the records go back, in milliseconds: 30 days. */
export const SPAN_MS: number = 30 * DAY_MS
/** How long the calls of routes go back. */
export const ROUTE_SPAN_MS: number = DAY_MS

const TRACE_CHARS = 32
const BODY = 'x'.repeat(400)

/** The name of one of the routes. */
export function routeOf(index: number): string {
  return `GET /api/things-${index % ROUTES}/:id`
}

/** The calls to other services: one service has nearly half of them, one has 50; one in twenty has failed. */
export function integrationRequest(index: number, createdAt: number): StoreRecord {
  const chance = spread(index)
  const failed = chance % 20 === 0
  const service = index % 20_000 === 0 ? 'rare' : `service-${Math.min(chance % 23, 11)}`
  const method = chance % 3 === 0 ? 'GET' : 'POST'
  const url = `https://${service}.example/v2/things/${index}`
  const keys: RecordKeys = {
    ...commonKeys(index, chance, createdAt),
    service,
    status: failed ? (chance % 1_000 === 0 ? 'Stuck' : 'Failed') : 'Completed',
    statusCode: failed ? (chance % 40 === 0 ? 500 : 404) : 200,
    referenceType: 'Order',
    referenceId: `order-${chance % 100_000}`,
    durationMs: 5 + (chance % 900),
    summary: `${method} ${url}`,
    ...(index % 10 === 0 ? { key: `key-${index}`, remoteId: `remote-${index}` } : {}),
  }
  const data = {
    service,
    method,
    url,
    isRemoteRequest: chance % 10 !== 0,
    data: BODY,
    output: BODY,
  }
  return recordOf('integration_requests', index, createdAt, keys, data)
}

/** The reports: some groups have many of them, most have few. */
export function report(index: number, createdAt: number): StoreRecord {
  const chance = spread(index)
  const keys: RecordKeys = {
    ...commonKeys(index, chance, createdAt),
    service: 'shop',
    status: (['fatal', 'non-fatal', 'slow', 'stuck'] as const)[chance % 4] ?? 'fatal',
    statusCode: 500,
    fingerprint: groupOf(chance),
    summary: `TypeError: thing ${chance % 1_000} is undefined`,
  }
  return recordOf('reports', index, createdAt, keys, { body: BODY })
}

/** The audit events, of 40 types. */
export function auditEvent(index: number, createdAt: number): StoreRecord {
  const chance = spread(index)
  const keys: RecordKeys = {
    ...commonKeys(index, chance, createdAt),
    service: 'shop',
    fingerprint: `event-type-${chance % 40}`,
    level: chance % 50 === 0 ? 'error' : 'info',
    summary: `the user has changed thing ${index}`,
  }
  return recordOf('audit_events', index, createdAt, keys, { body: 'x'.repeat(80) })
}

/** The fingerprint of a group: the lower a number, the more reports. */
export function groupOf(chance: number): string {
  const index = Math.floor(GROUPS * ((chance % 10_007) / 10_007) ** 3)
  return `group-${index}`
}

/** The calls of all routes in each minute of a day, as each instance has counted them, minute by minute. */
export function* routeMinutes(now: number): Generator<StoreRecord> {
  let index = 0
  for (let at = now - ROUTE_SPAN_MS; at < now; at += MINUTE_MS)
    for (let route = 0; route < ROUTES; route++)
      for (let instance = 0; instance < INSTANCES; instance++)
        yield routeMinute(index++, at, route, instance)
}

function routeMinute(index: number, at: number, route: number, instance: number): StoreRecord {
  const histogram = new DurationHistogram()
  for (let call = 0; call < 30; call++) histogram.record(1 + (spread(index * 31 + call) % 400))
  const { meanMs, minMs, maxMs, count } = histogram.summary()
  const data = {
    instance: `instance-${instance}`,
    calls: count,
    failed: index % 7 === 0 ? 1 : 0,
    slow: index % 5,
    stuck: 0,
    aborted: 0,
    sumMs: meanMs * count,
    minMs,
    maxMs,
    buckets: histogram.toBuckets(),
  }
  return recordOf('route_stats', index, at, { service: 'shop', route: routeOf(route) }, data)
}

function commonKeys(index: number, chance: number, createdAt: number): RecordKeys {
  return {
    requestId: `req-${Math.floor(index / 3)}`,
    traceId: Math.floor(index / 3)
      .toString(16)
      .padStart(TRACE_CHARS, '0'),
    route: routeOf(chance),
    release: `1.${Math.floor(createdAt / (5 * DAY_MS)) % 1_000}.0`,
    user: `user-${chance % 20_000}`,
  }
}

function recordOf(
  kind: StoreRecord['kind'],
  index: number,
  createdAt: number,
  keys: RecordKeys,
  data: StoreRecord['data'],
): StoreRecord {
  const time = createdAt.toString(16).padStart(12, '0')
  const count = index.toString(16).padStart(12, '0')
  const id = `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${count}`
  return { kind, id, createdAt, revision: 0, keys, data, importance: 'normal' }
}

/** A number that looks as if it were drawn, always the same for an index. */
function spread(index: number): number {
  return Math.imul(index ^ (index >>> 15), 0x2c1b3c6d) >>> 1
}
