import { isObject } from '../kit/unknown-value.js'

/** The properties by which an error of an outbound call is recognized. */
interface ErrorOfCall {
  readonly isAxiosError?: unknown
  readonly name?: unknown
  readonly code?: unknown
  readonly cause?: unknown
  readonly expose?: unknown
  readonly statusCode?: unknown
  readonly response?: unknown
  readonly config?: unknown
  readonly $metadata?: unknown
  readonly $response?: unknown
  readonly meta?: unknown
  readonly headers?: unknown
  readonly body?: unknown
  readonly requestId?: unknown
  readonly retryable?: unknown
  readonly time?: unknown
  readonly raw?: unknown
  readonly moreInfo?: unknown
  readonly [Symbol.toStringTag]?: unknown
  readonly getStatus?: unknown
  readonly getResponse?: unknown
}

const NAMES: ReadonlySet<unknown> = new Set([
  'AxiosError',
  'GaxiosError',
  'ResponseStatusCodeError',
  'StatusCodeError',
  'MailgunAPIError',
])

/**
 * Whether an error came from another service, or from a call to it that failed: its status was meant for this service, not for
 * this service's client. Never throws.
 *
 * Not so for errors that were made to be answered (http-errors, which mark theirs with `expose`; NestJS's HttpException),
 * whatever else they carry.
 */
export function isUpstreamError(thrown: unknown): boolean {
  try {
    if (!isObject(thrown)) return false
    const error = thrown as ErrorOfCall
    if (error[Symbol.toStringTag] === 'Response') return true
    if (isMadeForHttp(error)) return false
    return isOfClient(error) || isOfSdk(error) || isOfProxy(error)
  } catch {
    // A getter or a Proxy trap threw: nothing about the error can be trusted.
    return false
  }
}

function isMadeForHttp({ expose, getStatus, getResponse }: ErrorOfCall): boolean {
  // The `response` of an HttpException is its own answer.
  const isOfNest = typeof getStatus === 'function' && typeof getResponse === 'function'
  return typeof expose === 'boolean' || isOfNest
}

/** axios, gaxios, got, ky, superagent, Octokit, node-fetch's and Azure's wrappers; undici. */
function isOfClient(error: ErrorOfCall): boolean {
  if (error.isAxiosError === true || NAMES.has(error.name)) return true
  if (isObject(error.response) || isObject(error.config)) return true
  if (typeof error.code === 'string' && error.code.startsWith('UND_ERR_')) return true
  // undici's ResponseError, and an answer of its `request` that is thrown as it is.
  return isObject(error.headers) && error.body !== undefined && error.statusCode !== undefined
}

/**
 * @fastify/reply-from and @fastify/http-proxy: a call of theirs has failed, and they have made an error of @fastify/error of what
 * undici or Node has thrown. Without a better idea they give it the status 500, though nothing is wrong with this service.
 */
function isOfProxy({ name, code, cause }: ErrorOfCall): boolean {
  if (name !== 'FastifyError' || typeof code !== 'string') return false
  return code === OF_ANY_CAUSE ? isOfConnection(cause) : PROXY_CODE.test(code)
}

const PROXY_CODE = /^(FST_REPLY_FROM_|ECONNRESET$|UND_ERR_)/

/** What @fastify/reply-from makes of all that it does not know: a refused connection, but a mistake in the call too. */
const OF_ANY_CAUSE = 'FST_REPLY_FROM_INTERNAL_SERVER_ERROR'

/** What undici says before it sends anything. */
const NOT_SENT = /^UND_ERR_(INVALID_ARG|INVALID_RETURN_VALUE|NOT_SUPPORTED|REQ_)/

/** Errors of Node's sockets and of undici have a code; what failed in this service, such as its stream of a body, has none. */
function isOfConnection(cause: unknown): boolean {
  const { code } = (isObject(cause) ? cause : {}) as ErrorOfCall
  return typeof code === 'string' && !NOT_SENT.test(code)
}

/** The status of an upstream error that was made for this service's client: 502, 503 or 504 of a proxy. */
export function gatewayStatusOf(error: ErrorOfCall): number | undefined {
  const { statusCode } = error
  const isOfGateway = statusCode === 502 || statusCode === 503 || statusCode === 504
  return isOfGateway && isOfProxy(error) ? statusCode : undefined
}

/** AWS SDK 2 and 3, Elasticsearch and OpenSearch, Stripe, OpenAI and Anthropic, Twilio. */
function isOfSdk(error: ErrorOfCall): boolean {
  if (isObject(error.$metadata) || isObject(error.$response)) return true
  if (isObject(error.meta) && ('statusCode' in error.meta || 'connection' in error.meta))
    return true
  if (typeof error.retryable === 'boolean' && error.time instanceof Date) return true
  if (isObject(error.headers) && ('requestID' in error || 'request_id' in error)) return true
  if (isObject(error.raw) && 'rawType' in error) return true
  if (isText(error.requestId) && isAwsCode(error.code)) return true
  return isText(error.moreInfo) && error.code !== undefined
}

/** `AccessDenied`: the codes of Node, Fastify and its plugins are in upper case. */
function isAwsCode(code: unknown): boolean {
  return typeof code === 'string' && /^[A-Z][A-Za-z\d]*[a-z]/.test(code)
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
