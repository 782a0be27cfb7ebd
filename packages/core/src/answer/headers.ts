import { validateHeaderName, validateHeaderValue } from 'node:http'
import type { FastifyReply } from 'fastify'
import { isObject } from '../kit/unknown-value.js'

/** Whether an error may set a header by its own `headers`; the name is in lower case. */
export type HeaderTest = (name: string) => boolean

/** Headers that any error may set. From RFC 9110, RFC 6585 and the drafts of rate limit headers. */
const BUILT_IN: readonly string[] = [
  'allow',
  'proxy-authenticate',
  'ratelimit',
  'ratelimit-*',
  'retry-after',
  'www-authenticate',
  'x-ratelimit-*',
]

/** Core's own; no option lets an error set them. */
const NEVER: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'trailer',
  'transfer-encoding',
  'x-error-id',
])

/** Makes the test: the built-in names and those of the option `errorHeaders`; a `*` at the end stands for any ending. */
export function createHeaderTest(added: readonly string[]): HeaderTest {
  const names = new Set<string>()
  const beginnings: string[] = []
  for (const given of [...BUILT_IN, ...added]) {
    const name = given.toLowerCase()
    if (name.endsWith('*')) beginnings.push(name.slice(0, -1))
    else names.add(name)
  }
  return (name) =>
    !NEVER.has(name) &&
    (names.has(name) || beginnings.some((beginning) => name.startsWith(beginning)))
}

/** The names of an error's own headers, in lower case; none where they cannot be read. Never throws. */
export function headerNamesOf(thrown: unknown): readonly string[] {
  try {
    const headers = (thrown as { headers?: unknown } | null | undefined)?.headers
    if (!isObject(headers)) return []
    return Object.keys(headers).map((name) => name.toLowerCase())
  } catch {
    // A getter or a Proxy trap threw.
    return []
  }
}

/** The status of a range that the file does not have. Its `content-range` says how long the file is: RFC 9110, 15.5.17. */
const RANGE_NOT_SATISFIABLE = 416

/** Whether a header says which range the file has, in the answer to a range that it does not have. */
export function tellsOfRange(name: string, status: number): boolean {
  return status === RANGE_NOT_SATISFIABLE && name === 'content-range'
}

/** Sets the headers of an error that it may set and that HTTP allows, in an answer with this status. Never throws. */
export function takeErrorHeaders(
  thrown: unknown,
  isAllowed: HeaderTest,
  reply: FastifyReply,
  status: number,
): void {
  try {
    if (!isObject(thrown)) return
    const { headers } = thrown as { headers?: unknown }
    if (!isObject(headers)) return
    const isHttp2 = isHttp2Reply(reply)
    for (const given of Object.keys(headers)) {
      const name = given.toLowerCase()
      if (!isAllowed(name) && !tellsOfRange(name, status)) continue
      const value = (headers as Record<string, unknown>)[given]
      if (!isSendable(name, value, isHttp2)) continue
      reply.header(name, Array.isArray(value) ? value.map(String) : String(value))
    }
  } catch {
    // The headers cannot be read: the answer is sent without the rest of them.
  }
}

/**
 * Headers that describe the body which the handler had planned: its validators and framing (RFC 9110, 8 and 14), how it may be
 * cached (RFC 9111), and the file that a proxy sends in its place. The other headers, such as cookies, CORS, `vary` or
 * `content-security-policy`, are about the request or the service and stay.
 */
const OF_BODY: ReadonlySet<string> = new Set([
  'accept-ranges',
  'age',
  'cache-control',
  'digest',
  'etag',
  'expires',
  'last-modified',
  'repr-digest',
  'surrogate-control',
  'trailer',
  'transfer-encoding',
  'x-sendfile',
])

/** Whether a header, by its name in lower case, describes the planned body. */
export function describesBody(name: string): boolean {
  if (OF_BODY.has(name) || name.startsWith('x-accel-')) return true
  // RFC 9213: CDN-Cache-Control and its like.
  if (name.endsWith('-cache-control')) return true
  return name.startsWith('content-') && !name.startsWith('content-security-policy')
}

/** Removes the headers that describe the planned body, and those for which Node would refuse the whole answer with this status. */
export function dropPlannedHeaders(reply: FastifyReply, status: number): void {
  const isHttp2 = isHttp2Reply(reply)
  const headers: Readonly<Record<string, unknown>> = reply.getHeaders()
  for (const name of Object.keys(headers)) {
    const isOfPlan = describesBody(name) && !tellsOfRange(name, status)
    if (isOfPlan || !isSendable(name, headers[name], isHttp2)) reply.removeHeader(name)
  }
}

/** Whether a request came over HTTP/2. */
export function isHttp2Reply(reply: FastifyReply): boolean {
  return reply.request.raw.httpVersionMajor === 2
}

/** Headers that HTTP/2 forbids (RFC 9113, 8.2.2): with one of these Node refuses the whole answer. */
const OF_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
])

/** Whether Node sends a header; for one that it refuses, it refuses the whole answer. Never throws. */
export function isSendable(name: string, value: unknown, isHttp2: boolean): boolean {
  if (isHttp2 && OF_CONNECTION.has(name)) return false
  try {
    validateHeaderName(name)
    if (Array.isArray(value)) for (const item of value) checkValue(name, item)
    else checkValue(name, value)
    return true
  } catch {
    // Refused by Node, or a value that cannot be made a text.
    return false
  }
}

function checkValue(name: string, value: unknown): void {
  if (value === null)
    throw new TypeError('Node sends the text "null" for it, and HTTP/2 refuses it')
  // Made a text here once: a toString may throw, and a symbol has no text.
  const text = typeof value === 'string' || value === undefined ? value : `${value as string}`
  validateHeaderValue(name, text as string)
}
