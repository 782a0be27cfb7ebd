import type { FastifyReply } from 'fastify'
import { symbolDescribed } from './compat-fastify.js'
import { isSendable } from './sendable-header.js'

/**
 * What the handler has said of the body that it had planned: its validators and its framing (RFC 9110, 8 and 14), how
 * it may be cached (RFC 9111) and that a proxy is to send a file in its place. The rest of an answer's headers, such
 * as cookies, CORS, `vary` or `content-security-policy`, is about the request or the service and stays.
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

/**
 * Knows whether a reply has headers yet. `getHeaders` makes three objects, and takes some 7 % of an error's answer; most
 * errors are thrown before any header is set. Fastify's own property is read; where it is not found there may be some.
 */
export class ReplyHeaders {
  #key: symbol | undefined

  /** Whether a header may be set. */
  mayBeSet(reply: FastifyReply): boolean {
    if (reply.raw.getHeaderNames().length > 0) return true
    this.#key ??= symbolDescribed(reply, 'fastify.reply.headers')
    if (this.#key === undefined) return true
    const own = (reply as unknown as Record<symbol, object | undefined>)[this.#key]
    if (own === undefined) return true
    for (const _name in own) return true
    return false
  }
}

/** Takes off a reply what describes the planned body, and every header that HTTP would refuse with the whole answer. */
export function dropPlannedHeaders(reply: FastifyReply): void {
  const isHttp2 = isHttp2Reply(reply)
  const headers: Readonly<Record<string, unknown>> = reply.getHeaders()
  for (const name of Object.keys(headers)) {
    if (describesBody(name) || !isSendable(name, headers[name], isHttp2)) reply.removeHeader(name)
  }
}

/** Whether a request came over HTTP/2. */
export function isHttp2Reply(reply: FastifyReply): boolean {
  return reply.request.raw.httpVersionMajor === 2
}
