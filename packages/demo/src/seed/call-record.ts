import type { StoreRecord } from '@fastify-scs/core/kit'
import type { IntegrationRecord } from '@fastify-scs/integration-log'
import { CALLS, type CallContent, type CallName } from './call-kinds.js'
import { keysOf, type RequestFacts } from './request-facts.js'
import type { SeededRandom } from './seeded-random.js'

/** What of a call is not as it usually is. */
export interface CallTurn {
  readonly isFailed?: boolean
  /** It waited until its caller gave up, in milliseconds. */
  readonly timeoutMs?: number
  /** How long it takes, in milliseconds. */
  readonly durationMs?: number
  /** The id of the call that this one repeats. */
  readonly retryOf?: string
  /** The id of the call that repeats this one. */
  readonly retriedBy?: string
  readonly id?: string
}

/** A call to or from another service within a request, beginning at a time. */
export function makeCall(
  random: SeededRandom,
  request: RequestFacts,
  name: CallName,
  at: number,
  turn: CallTurn = {},
): StoreRecord & { readonly data: IntegrationData } {
  const content = contentOf(random, request, name, turn)
  const { service, durationMs, statusCode } = content
  const id = turn.id ?? random.idAt(at)
  const isFailed = statusCode === null || statusCode >= 400
  const data = {
    id,
    createdAt: new Date(at).toISOString(),
    modifiedAt: new Date(at + durationMs).toISOString(),
    service,
    isRemoteRequest: content.isRemoteRequest,
    description: content.description,
    requestId: request.id,
    key: content.key ?? null,
    remoteId: content.remoteId ?? null,
    owner: request.person?.id ?? null,
    route: request.pattern,
    status: isFailed ? 'Failed' : 'Completed',
    method: content.method,
    url: content.url,
    requestHeaders: sentHeaders(content, request),
    data: content.data,
    responseHeaders: receivedHeaders(content, at),
    output: content.output,
    error: content.error,
    statusCode,
    durationMs,
    reference: { type: 'Order', id: request.orderId },
    truncated: false,
    retryOf: turn.retryOf ?? null,
    traceId: request.traceId,
    ...(isFailed && content.isRemoteRequest
      ? { resend: { missing: service === 'payments' ? ['body'] : [], ...retriedBy(turn) } }
      : {}),
  } satisfies IntegrationRecord
  return {
    kind: 'integration_requests',
    id,
    createdAt: Math.floor(at),
    revision: 0,
    keys: {
      ...keysOf(request),
      service,
      status: data.status,
      referenceType: 'Order',
      referenceId: request.orderId,
      durationMs,
      summary: `${content.method} ${content.url} -> ${statusCode ?? data.status}`,
      ...(statusCode === null ? {} : { statusCode }),
      ...(content.key === undefined ? {} : { key: content.key }),
      ...(content.remoteId === undefined ? {} : { remoteId: content.remoteId }),
    },
    data: data as unknown as IntegrationData,
    importance: 'normal',
  }
}

type IntegrationData = StoreRecord['data'] & Pick<IntegrationRecord, 'id' | 'status' | 'service'>

function retriedBy({ retriedBy }: CallTurn): { readonly retriedBy?: string } {
  return retriedBy === undefined ? {} : { retriedBy }
}

function contentOf(
  random: SeededRandom,
  request: RequestFacts,
  name: CallName,
  { isFailed = false, timeoutMs, durationMs }: CallTurn,
): CallContent {
  const content = CALLS[name](random, request, isFailed)
  if (timeoutMs !== undefined) {
    const error = { name: 'TimeoutError', message: 'The operation was aborted due to timeout' }
    return {
      ...content,
      statusCode: null,
      durationMs: timeoutMs,
      output: null,
      error,
      receivedType: null,
    }
  }
  return durationMs === undefined ? content : { ...content, durationMs }
}

function sentHeaders(
  { sentType, isRemoteRequest }: CallContent,
  { traceId, spanId }: RequestFacts,
): Readonly<Record<string, string>> {
  return {
    accept: '*/*',
    ...(sentType === null ? {} : { 'content-type': sentType }),
    'user-agent': isRemoteRequest ? 'undici' : 'Hooks/2.1',
    ...(isRemoteRequest
      ? { authorization: '[redacted]', traceparent: `00-${traceId}-${spanId}-01` }
      : { 'x-webhook-signature': '[redacted]' }),
  }
}

function receivedHeaders(
  { receivedType, statusCode }: CallContent,
  at: number,
): Readonly<Record<string, string>> | null {
  if (statusCode === null) return null
  const date = new Date(at).toUTCString()
  return receivedType === null ? { date } : { date, 'content-type': receivedType }
}
