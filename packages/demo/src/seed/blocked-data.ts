import type { BlockedReport } from '@fastify-scs/slow-call'
import type { Fault } from './faults.js'
import type { RequestFacts } from './request-facts.js'
import { ROUTES } from './routes.js'
import type { SeededRandom } from './seeded-random.js'
import { type KeptNode, stackOf, treeOf } from './stack-tree.js'

/** From which on a blocked event loop is reported, in milliseconds. */
const LIMIT_MS = 1_000
/** When the watchdog takes a sample, in milliseconds since the last beat. */
const SAMPLED_AT_MS = [500, 1_000, 2_000, 4_000]

/** How long a request blocks the event loop, in milliseconds: around what its fault says. */
export function blockedMsOf({ medianMs = LIMIT_MS }: Fault, { spanId }: RequestFacts): number {
  const share = Number.parseInt(spanId.slice(0, 2), 16) / 255
  return Math.round(medianMs * (0.9 + 0.2 * share))
}

/** What the report of a blocked event loop says. */
export function blockedTitle(fault: Fault, request: RequestFacts): string {
  return `${request.route} blocked the event loop for ${blockedMsOf(fault, request)} millisec!`
}

/** A blocked event loop, as its report keeps it. */
export type BlockedData = Omit<BlockedReport, 'tree'> & { readonly tree: KeptNode[] }

/** A blocked event loop, as slow-call describes it. */
export function blockedCallData(
  random: SeededRandom,
  fault: Fault,
  request: RequestFacts,
  endAt: number,
): BlockedData {
  const blockedMs = blockedMsOf(fault, request)
  const samples = SAMPLED_AT_MS.filter((afterMs) => afterMs <= blockedMs).length
  const { orders, article } = ROUTES
  const others = [orders, article].map(({ method, pattern }) => ({
    endpoint: `${method} ${pattern}`,
    requestId: `${request.instance}-${random.hex(6)}`,
    ageMs: blockedMs - random.whole(5, 60),
  }))
  const ageMs = Math.round(endAt - request.at)
  return {
    kind: 'blocked',
    title: blockedTitle(fault, request),
    since: new Date(endAt - blockedMs).toISOString(),
    blockedMs,
    limitMs: LIMIT_MS,
    end: 'ended',
    method: request.method,
    route: request.pattern,
    url: request.path,
    requestId: request.id,
    inFlight: [{ endpoint: request.route, requestId: request.id, ageMs }, ...others],
    openCalls: [],
    samples,
    tree: fault.stack === undefined ? [] : treeOf(fault.stack, samples),
    stack: fault.stack === undefined ? [] : stackOf(fault.stack),
    suppressed: 0,
    note: null,
  }
}
