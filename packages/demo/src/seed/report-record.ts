import { createHash } from 'node:crypto'
import type { JsonValue } from '@fastify-scs/core'
import type { StoreRecord } from '@fastify-scs/core/kit'
import type { CrashReport } from '@fastify-scs/error-reporter'
import { blockedCallData, blockedTitle } from './blocked-data.js'
import { codeOf } from './code-lines.js'
import { callFacts, factsOf } from './facts-of-request.js'
import type { Fault } from './faults.js'
import type { ReportFacts } from './report-facts.js'
import { keysOf, type RequestFacts } from './request-facts.js'
import { ROUTES, routeKey } from './routes.js'
import type { SeededRandom } from './seeded-random.js'
import { commitOf } from './setting.js'
import { type SlowFigures, slowCallData, slowTitle } from './slow-call-data.js'
import { stackOf } from './stack-tree.js'

/** What names the group of a fault: for slow calls what error-reporter names it, so that those of the run are in it, too. */
export function fingerprintOf({ name, kind, routeName }: Fault): string {
  const isSlow = kind === 'slow' || kind === 'stuck'
  const text = isSlow ? `${kind} ${routeKey(ROUTES[routeName])}\n\n\n` : name
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** The title of the reports of a fault. */
export function titleOf(fault: Fault, request: RequestFacts): string {
  const { kind, service = 'orders', status, errorCode, message } = fault
  const { route } = request
  if (kind === 'blocked')
    return `NON-FATAL BACKEND ERROR ${service} ${route}: ${blockedTitle(fault, request)}`
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
  const { queries } = facts
  const durationMs = endAt - request.at
  const figures: SlowFigures = { request, durationMs, calls: callFacts(facts.records), queries }
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

function reportData(random: SeededRandom, facts: ReportFacts, figures: SlowFigures): CrashReport {
  const { fault, request, group, endAt } = facts
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
  const { method, path, pattern, person, id, at } = request
  const thrown = [`${errorName}: ${message}`, ...fault.trace]
  const trace = traceOf(fault, thrown)
  const stack = kind === 'non-fatal' ? [...fault.trace] : []
  const data = detailsOf(random, facts, figures)
  return {
    id: random.idAt(endAt),
    title: titleOf(fault, request),
    is_fatal_error: kind === 'fatal',
    kind,
    error_id: random.idAt(endAt),
    fingerprint: fingerprintOf(fault),
    trace,
    stack,
    error_caught:
      data === null
        ? { name: errorName, message, code, ...(kind === 'non-fatal' ? { trace: thrown } : {}) }
        : null,
    causes: [...causes],
    code: codeOf([trace, stack, ...causes.map((cause) => cause.trace)]),
    data,
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
    facts: factsOf(facts, figures.calls),
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

/** The frames of what was thrown; of a blocked event loop those that held it up. */
function traceOf({ kind, stack }: Fault, thrown: readonly string[]): string[] {
  if (kind === 'blocked') return stack === undefined ? [] : stackOf(stack)
  return kind === 'fatal' ? [...thrown] : []
}

/** What slow-call says of a call; null for a crash. */
function detailsOf(
  random: SeededRandom,
  { fault, request, endAt }: ReportFacts,
  figures: SlowFigures,
): JsonValue {
  const { kind } = fault
  if (kind === 'blocked') return blockedCallData(random, fault, request, endAt)
  const isSlow = kind === 'slow' || kind === 'stuck'
  return isSlow ? (slowCallData(random, fault, figures) as unknown as JsonValue) : null
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
    commit: commitOf(release),
    environment: 'production',
    pid: random.whole(20, 90),
    node_version: 'v22.21.1',
    uptime_seconds: Math.floor((at / 1000) % 86_400),
    memory: { rss: heapBytes * 2, heap_used: heapBytes, heap_total: heapBytes + 20_971_520 },
    event_loop_delay: { mean: 1.1, p99: random.whole(2, 24), max: random.whole(25, 90) },
  }
}
