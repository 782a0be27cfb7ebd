import type { JsonValue } from '@fastify-scs/core'
import type { GroupState, StoreRecord } from '@fastify-scs/core/kit'
import { type AuditName, makeAuditEvent } from './audit-record.js'
import { blockedMsOf } from './blocked-data.js'
import type { CallName } from './call-kinds.js'
import { makeCall } from './call-record.js'
import type { Fault } from './faults.js'
import { queriesFrom } from './query-facts.js'
import { makeReport } from './report-record.js'
import { makeRequest, type RequestFacts } from './request-facts.js'
import type { RouteName } from './routes.js'
import type { SeededRandom } from './seeded-random.js'
import { MINUTE_MS } from './setting.js'

/** What a request takes that blocks the event loop, besides that, in milliseconds. */
const HANDLER_MS = 4

/** What an ordinary request of a route leaves behind. */
interface Story {
  readonly routeName: RouteName
  readonly calls: readonly CallName[]
  readonly audit?: AuditName
  /** The share of its calls that fail. */
  readonly failedShare: number
}

const PLACED: Story = {
  routeName: 'place',
  calls: ['stock', 'mail'],
  audit: 'ordered',
  failedShare: 0.02,
}
const PAID: Story = { routeName: 'payment', calls: ['charge'], failedShare: 0.08 }
const LOOKED_UP: Story = { routeName: 'customer', calls: ['customer'], failedShare: 0.02 }
const SHIPPED: Story = { routeName: 'shipment', calls: ['shipment'], failedShare: 0.05 }
const SETTLED: Story = { routeName: 'webhook', calls: ['paid'], failedShare: 0 }
const TRACKED: Story = { routeName: 'tracking', calls: ['tracked'], failedShare: 0 }

/** As often as they are in the list, out of all. */
const STORIES: readonly [Story, ...Story[]] = [
  PLACED,
  PLACED,
  PLACED,
  PAID,
  PAID,
  LOOKED_UP,
  LOOKED_UP,
  SHIPPED,
  SETTLED,
  SETTLED,
  TRACKED,
  { routeName: 'invoice', calls: ['archive'], failedShare: 0 },
  { routeName: 'refund', calls: ['refund'], audit: 'refunded', failedShare: 0 },
  { routeName: 'export', calls: [], audit: 'exported', failedShare: 0 },
  { routeName: 'orders', calls: [], audit: 'guessed', failedShare: 0 },
  { routeName: 'role', calls: [], audit: 'role', failedShare: 0 },
]

/** The records of an ordinary request; a call that fails is sent again some minutes later, most of the time. */
export function* ordinaryStory(
  random: SeededRandom,
  at: number,
  now: number,
): Generator<StoreRecord> {
  const { routeName, calls, audit, failedShare } = random.pick(STORIES)
  const request = makeRequest(random, routeName, at, now)
  let nextAt = at + random.whole(1, 4)
  if (audit === 'guessed') return yield* guesses(random, request)
  if (audit !== undefined) yield auditOf(random, request, audit, nextAt)
  for (const name of calls) {
    const call = makeCall(random, request, name, nextAt, { isFailed: random.isBelow(failedShare) })
    nextAt += Math.ceil(call.keys.durationMs ?? 0) + random.whole(1, 3)
    if (call.data.status !== 'Failed' || random.isBelow(0.3)) yield call
    else yield* sentAgain(random, request, name, call)
  }
}

/** A failed call, and the one that repeats it: each knows the other. */
export function* sentAgain(
  random: SeededRandom,
  request: RequestFacts,
  name: CallName,
  call: StoreRecord,
): Generator<StoreRecord> {
  const againAt = call.createdAt + random.whole(4, 9) * MINUTE_MS
  const again = makeCall(random, request, name, againAt, { retryOf: call.id })
  const resend = call.data.resend as { readonly [field: string]: JsonValue } | undefined
  yield { ...call, data: { ...call.data, resend: { ...resend, retriedBy: again.id } as JsonValue } }
  yield again
}

function* guesses(random: SeededRandom, request: RequestFacts): Generator<StoreRecord> {
  const stranger = { ...request, person: null }
  const attempts = random.whole(1, 4)
  for (let attempt = 0; attempt < attempts; attempt++) {
    const at = request.at + attempt * random.whole(300, 1_900)
    yield makeAuditEvent(random, stranger, 'guessed', at, { reason: 'unknown token' })
  }
  if (attempts < 3) return
  yield makeAuditEvent(random, stranger, 'stopped', request.at + 8_000, { attempts })
}

function auditOf(
  random: SeededRandom,
  request: RequestFacts,
  name: AuditName,
  at: number,
): StoreRecord {
  return makeAuditEvent(random, request, name, at, {
    article: random.pick(['tea', 'green tea', 'a tea pot', 'two cups']),
    amount: random.whole(1, 6),
    reason: random.pick(['arrived broken', 'ordered twice', 'too late']),
    member: random.pick(['dora', 'erik', 'femi']),
    role: random.pick(['support', 'admin', 'viewer']),
    table: 'orders',
    rows: random.whole(80, 9_000),
  })
}

/** The records of a request that has failed, or was slow, and is reported. */
export function faultStory(
  random: SeededRandom,
  fault: Fault,
  request: RequestFacts,
  group: GroupState,
): readonly StoreRecord[] {
  const records: StoreRecord[] = []
  let nextAt = request.at + random.whole(1, 5)
  if (fault.audit !== undefined) records.push(auditOf(random, request, fault.audit, nextAt))
  const queries = fault.statements && queriesFrom(random, fault.statements, nextAt)
  if (queries !== undefined) nextAt += Math.ceil(queries.durationMs) + 1
  for (const { name, ...turn } of fault.calls ?? []) {
    const call = makeCall(random, request, name, nextAt, turn)
    nextAt += Math.ceil(call.keys.durationMs ?? 0) + random.whole(1, 5)
    records.push(call)
  }
  const endAt = Math.max(nextAt, request.at + Math.ceil(tookMs(random, fault, request)))
  return [...records, makeReport(random, { fault, request, group, endAt, records, queries })]
}

/** How long the request of a fault takes, in milliseconds, if what it does takes no longer. */
function tookMs(random: SeededRandom, fault: Fault, request: RequestFacts): number {
  if (fault.kind === 'blocked') return HANDLER_MS + blockedMsOf(fault, request)
  return random.latencyMs(fault.medianMs ?? 12)
}
