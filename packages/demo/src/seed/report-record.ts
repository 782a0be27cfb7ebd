import { createHash } from 'node:crypto'
import type { JsonValue } from '@fastify-scs/core'
import type { GroupState, StoreRecord } from '@fastify-scs/core/kit'
import type { CrashReport } from '@fastify-scs/error-reporter'
import type { Fault } from './faults.js'
import { keysOf, type RequestFacts } from './request-facts.js'
import { ROUTES, routeKey } from './routes.js'
import type { SeededRandom } from './seeded-random.js'
import { type SlowFigures, slowCallData, slowTitle } from './slow-call-data.js'

/** What a report is made of. */
export interface ReportFacts {
  readonly fault: Fault
  readonly request: RequestFacts
  readonly group: GroupState
  /** When it ended, in milliseconds since 1970. */
  readonly endAt: number
  /** The records of its request until then. */
  readonly records: readonly StoreRecord[]
}

/** What names the group of a fault: for slow calls what error-reporter names it, so that those of the run are in it, too. */
export function fingerprintOf({ name, kind, routeName }: Fault): string {
  const isSlow = kind === 'slow' || kind === 'stuck'
  const text = isSlow ? `${kind} ${routeKey(ROUTES[routeName])}\n\n\n` : name
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** The title of the reports of a fault. */
export function titleOf(
  fault: Fault,
  { method, pattern }: Pick<RequestFacts, 'method' | 'pattern'>,
): string {
  const { kind, service = 'orders', status, errorCode, message } = fault
  const route = `${method} ${pattern}`
  if (kind === 'slow' || kind === 'stuck')
    return `NON-FATAL BACKEND ERROR ${service} ${route}: ${slowTitle(fault, route)}`
  if (kind === 'non-fatal') return `NON-FATAL BACKEND ERROR ${service} ${route}: ${message}`
  return `FATAL BACKEND ERROR ${service} ${status} ${errorCode}: ${route}: ${message}`
}

/** The report of a crash or of a slow call, as error-reporter writes it. */
export function makeReport(random: SeededRandom, facts: ReportFacts): StoreRecord {
  const { fault, request, endAt } = facts
  const { service = 'orders', status, kind } = fault
  const isFatal = kind === 'fatal'
  const figures: SlowFigures = { request, durationMs: endAt - request.at, calls: callFacts(facts) }
  const data = reportData(random, facts, figures)
  return {
    kind: 'reports',
    id: data.id,
    createdAt: Math.floor(endAt),
    revision: 0,
    keys: {
      ...keysOf(request),
      service,
      status: kind,
      fingerprint: data.fingerprint,
      level: isFatal ? 'ERROR' : 'WARN',
      summary: data.title,
      remoteId: data.error_id,
      durationMs: figures.durationMs,
      ...(isFatal ? { statusCode: status } : {}),
    },
    data: data as unknown as StoreRecord['data'],
    importance: isFatal ? 'high' : 'normal',
  }
}

function reportData(
  random: SeededRandom,
  { fault, request, group, endAt, records }: ReportFacts,
  figures: SlowFigures,
): CrashReport {
  const {
    kind,
    errorName,
    message,
    code,
    status,
    errorCode,
    causes = [],
    service = 'orders',
  } = fault
  const isSlow = kind === 'slow' || kind === 'stuck'
  const { method, path, pattern, person, id, at } = request
  const audit = records.filter((record) => record.kind === 'audit_events')
  const trace = [`${errorName}: ${message}`, ...fault.trace]
  return {
    id: random.idAt(endAt),
    title: titleOf(fault, request),
    is_fatal_error: kind === 'fatal',
    kind,
    error_id: random.idAt(endAt),
    fingerprint: fingerprintOf(fault),
    trace: isSlow || kind === 'non-fatal' ? [] : trace,
    stack: kind === 'non-fatal' ? [...fault.trace] : [],
    error_caught: isSlow
      ? null
      : { name: errorName, message, code, ...(kind === 'non-fatal' ? { trace } : {}) },
    causes: [...causes],
    code: [],
    data: isSlow ? (slowCallData(random, fault, figures) as unknown as JsonValue) : null,
    time: {
      start: new Date(at).toISOString(),
      end: new Date(endAt).toISOString(),
      microsecs: Math.round((endAt - at) * 1000),
    },
    response:
      kind === 'fatal'
        ? {
            status,
            error_code: errorCode,
            error_description: message,
            user_message: null,
            interrupted: false,
          }
        : null,
    user: {
      id: person?.id ?? null,
      is_auth: person === null ? 0 : 1,
      ip: person?.ip ?? '198.51.100.23',
      forwarded_ip: null,
      user_agent: person?.agent ?? 'Hooks/2.1',
    },
    server: serverOf(random, request, service, at),
    request: {
      id,
      method,
      url: path,
      base_url: `https://orders.example${path}`,
      path,
      route: pattern,
      headers: {
        host: 'orders.example',
        accept: 'application/json',
        authorization: '[redacted]',
        'user-agent': person?.agent ?? 'Hooks/2.1',
        traceparent: `00-${request.traceId}-${request.spanId}-01`,
      },
      query: {},
      params: pattern.includes(':id') ? { id: request.orderId } : {},
      body: method === 'GET' ? null : { article: 'tea', amount: 2, card: { number: '[redacted]' } },
    },
    call_id: id,
    call_path: service,
    trace_id: request.traceId,
    span_id: request.spanId,
    facts: {
      ...(figures.calls.length === 0 ? {} : { outbound_calls: [...figures.calls] }),
      ...(audit.length === 0 ? {} : { audit_events: audit.map(auditFact) }),
    },
    group: {
      status: group.status,
      is_regression: group.isRegression,
      occurrences: group.occurrences,
      suppressed: group.suppressed,
      held_back: 0,
      first_seen: new Date(group.firstSeenAt).toISOString(),
      last_seen: new Date(group.lastSeenAt).toISOString(),
    },
  }
}

function serverOf(
  random: SeededRandom,
  { release, instance }: RequestFacts,
  service: string,
  at: number,
): CrashReport['server'] {
  const heapBytes = random.whole(90, 160) * 1_048_576
  return {
    fqdn: `${instance}.${service}.internal`,
    port: 8080,
    api_name: service,
    api_version: release,
    commit: null,
    environment: 'production',
    pid: random.whole(20, 90),
    node_version: 'v22.21.1',
    uptime_seconds: Math.floor((at / 1000) % 86_400),
    memory: { rss: heapBytes * 2, heap_used: heapBytes, heap_total: heapBytes + 20_971_520 },
    event_loop_delay: { mean: 1.1, p99: random.whole(2, 24), max: random.whole(25, 90) },
  }
}

function auditFact({ data }: StoreRecord): JsonValue {
  const { level = null, date = null, message = null, event } = data
  return { level, date, message, ...(event as { readonly [field: string]: JsonValue }) }
}

function callFacts({ records }: ReportFacts): readonly JsonValue[] {
  const calls = records.filter((record) => record.data.isRemoteRequest === true)
  return calls.map(({ data }) => {
    const { id, service, method, url, status, statusCode, durationMs, createdAt } = data
    return { id, service, method, url, status, statusCode, durationMs, createdAt } as JsonValue
  })
}
