import { type FoundRecord, fieldAt, numberAt, textAt } from '@fastify-scs/core/kit'
import { arrivalOf } from './phases.js'

/** Records of one request are not further apart than this, in milliseconds; a report says when its request came. */
const MAX_GAP_MS = 30_000
/** Two clocks of one request differ by less than this, in milliseconds. */
const CLOCKS_MS = 1_000
/** Fastify's own ids, which begin anew with each process. */
const OWN_ID = /^req-[0-9a-z]+$/

/** What tells requests with the same id apart; undefined for what a record does not know. */
interface Traits {
  readonly from: number
  readonly to: number
  readonly arrivedAt?: number | undefined
  readonly process?: string | undefined
  readonly route?: string | undefined
  readonly traceId?: string | undefined
}

/** The records of one request. */
export interface OneRequest {
  readonly records: readonly FoundRecord[]
  readonly traits: Traits
  /** Whether there is nothing but the time that says that all of them are of one request. */
  readonly isUncertain: boolean
}

interface Gathered {
  readonly records: FoundRecord[]
  traits: Traits
  isUncertain: boolean
}

/** Puts the records of each request together, and tells requests with the same id apart: ids may begin anew with each process. The oldest first. */
export function requestsOf(records: readonly FoundRecord[]): OneRequest[] {
  const byId = new Map<string, FoundRecord[]>()
  for (const record of records) {
    const { requestId } = record.keys
    if (requestId === undefined) continue
    const known = byId.get(requestId)
    if (known === undefined) byId.set(requestId, [record])
    else known.push(record)
  }
  return [...byId.values()]
    .flatMap(withOneId)
    .sort((one, other) => one.traits.from - other.traits.from)
}

function withOneId(records: readonly FoundRecord[]): OneRequest[] {
  const requests: Gathered[] = []
  // Reports know most.
  const rank = ({ kind }: FoundRecord) => (kind === 'reports' ? 0 : 1)
  const sorted = [...records].sort(
    (one, other) => rank(one) - rank(other) || one.createdAt - other.createdAt,
  )
  for (const record of sorted) {
    const traits = traitsOf(record)
    const [best, second] = requests
      .filter((request) => fit(request.traits, traits))
      .sort((one, other) => distance(one.traits, traits) - distance(other.traits, traits))
    if (best === undefined) {
      requests.push({ records: [record], traits, isUncertain: false })
      continue
    }
    if (second !== undefined && distance(second.traits, traits) === distance(best.traits, traits)) {
      best.isUncertain = true
      second.isUncertain = true
    }
    best.records.push(record)
    best.traits = joined(best.traits, traits)
  }
  return requests.map((request) => {
    return { ...request, isUncertain: request.isUncertain || isByTimeOnly(request) }
  })
}

/** The request that a time is within or closest to; the newest one without a time. */
export function chosenOf(
  requests: readonly OneRequest[],
  at: number | undefined,
): OneRequest | undefined {
  const point = at ?? Number.MAX_SAFE_INTEGER
  const away = ({ traits: { from, to } }: OneRequest) => Math.max(0, from - point, point - to)
  return [...requests].sort((one, other) => away(one) - away(other))[0]
}

function traitsOf({ kind, createdAt, keys, data }: FoundRecord): Traits {
  const route = textAt(data, 'route') ?? keys.route?.replace(/^\S+ /, '')
  switch (kind) {
    case 'reports': {
      const arrivedAt = arrivalOf(data)
      const server = fieldAt(data, 'server')
      const pid = numberAt(server, 'pid')
      return {
        from: Math.min(createdAt, arrivedAt ?? createdAt),
        to: createdAt,
        arrivedAt,
        process: pid === null ? undefined : `${textAt(server, 'fqdn')}:${pid}`,
        route,
        traceId: keys.traceId,
      }
    }
    case 'integration_requests':
      // Its trace may be one of its own.
      return { from: createdAt, to: createdAt + (keys.durationMs ?? 0), route }
    default:
      return { from: createdAt, to: createdAt, traceId: keys.traceId }
  }
}

function fit(request: Traits, record: Traits): boolean {
  if (differ(request.process, record.process)) return false
  if (differ(request.traceId, record.traceId)) return false
  if (differ(request.route, record.route)) return false
  const { arrivedAt } = request
  if (arrivedAt === undefined) return distance(request, record) <= MAX_GAP_MS
  if (record.arrivedAt !== undefined) return Math.abs(arrivedAt - record.arrivedAt) <= CLOCKS_MS
  return record.from >= arrivedAt - CLOCKS_MS && distance(request, record) <= MAX_GAP_MS
}

function differ(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other
}

/** Milliseconds between them. */
function distance(one: Traits, other: Traits): number {
  return Math.max(0, other.from - one.to, one.from - other.to)
}

function joined(one: Traits, other: Traits): Traits {
  return {
    from: Math.min(one.from, other.from),
    to: Math.max(one.to, other.to),
    arrivedAt: one.arrivedAt ?? other.arrivedAt,
    process: one.process ?? other.process,
    route: one.route ?? other.route,
    traceId: one.traceId ?? other.traceId,
  }
}

function isByTimeOnly({ records, traits }: Gathered): boolean {
  const isOwnId = OWN_ID.test(records[0]?.keys.requestId ?? '')
  const isKnown = traits.arrivedAt !== undefined || traits.traceId !== undefined
  return isOwnId && !isKnown && records.length > 1
}
