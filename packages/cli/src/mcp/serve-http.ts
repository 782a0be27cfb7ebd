import rateLimit from '@fastify/rate-limit'
import { visibleText } from '@fastify-scs/console/read'
import { ServiceError } from '@fastify-scs/core'
import { shortened } from '@fastify-scs/core/kit'
import { type NodeIncomingMessageLike, toNodeHandler } from '@modelcontextprotocol/node'
import {
  createMcpHandler,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  validateHostHeader,
  validateOriginHeader,
} from '@modelcontextprotocol/server'
import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import { makeServer, type ServerParts } from './make-server.js'
import type { AccessToken } from './token.js'

/** Where the server is. */
export const MCP_PATH = '/mcp'
/** A message of a client is no larger than this, in bytes. */
const MAX_BODY_BYTES = 262_144
/** Calls of clients with the token in a minute. */
const MAX_CALLS = 300
/** Calls without it in a minute: nobody finds it by trying. */
const MAX_WRONG_CALLS = 20
const WINDOW_MS = 60_000
/** Characters of what a client says of itself. */
const MAX_AGENT_CHARS = 100

class StrangeHostError extends ServiceError {
  static override readonly code = 'MCP_HOST'
  static override readonly status = 421
}
class StrangeOriginError extends ServiceError {
  static override readonly code = 'MCP_ORIGIN'
  static override readonly status = 403
}
class WrongTokenError extends ServiceError {
  static override readonly code = 'MCP_TOKEN'
  static override readonly status = 401
  readonly headers = { 'www-authenticate': 'Bearer realm="fastify-scs"' }
}
class TooManyCallsError extends ServiceError {
  static override readonly code = 'MCP_TOO_MANY_CALLS'
  static override readonly status = 429
  readonly headers: { readonly 'retry-after': string }

  constructor(message: string, afterSeconds: number) {
    super(message)
    this.headers = { 'retry-after': String(Math.max(1, Math.ceil(afterSeconds))) }
  }
}

/** Serves clients on this machine that have the token. @returns the address @throws what the socket throws */
export async function serveHttp(
  app: FastifyInstance,
  parts: ServerParts,
  token: AccessToken,
  port: number,
): Promise<string> {
  const handler = createMcpHandler(({ requestInfo }) => makeServer(parts, viaOf(requestInfo)), {
    maxRequestBodySize: MAX_BODY_BYTES,
    onerror: (error) => {
      parts.log.warn({ err: error }, 'an MCP client sent something that was not understood')
    },
  })
  const answer = toNodeHandler(handler, {
    onerror: (error) => parts.log.error({ err: error }, 'a call of an MCP client has failed'),
  })
  const limits = await callLimits(app)
  const enter: onRequestAsyncHookHandler = async (request) => {
    checkAddress(request)
    if (token.isIn(request.headers.authorization)) return limits.right(request)
    await limits.wrong(request)
    parts.audit.refused(callerOf(request), 'it does not have the token')
    throw new WrongTokenError('Send the token: Authorization: Bearer <token>')
  }
  app.route({
    method: 'POST',
    url: MCP_PATH,
    bodyLimit: MAX_BODY_BYTES,
    onRequest: enter,
    handler: async (request, reply) => {
      reply.hijack()
      await answer(request.raw as NodeIncomingMessageLike, reply.raw, request.body)
    },
  })
  // An unknown path tells a page of another site nothing either.
  app.addHook('onRequest', async (request) => checkAddress(request))
  app.addHook('preClose', () => handler.close())
  return `${await app.listen({ host: '127.0.0.1', port })}${MCP_PATH}`
}

/** A page of another site whose name leads to this machine has its own name in `Host`, and itself in `Origin`. */
function checkAddress({ headers }: FastifyRequest): void {
  if (!validateHostHeader(headers.host, localhostAllowedHostnames()).ok)
    throw new StrangeHostError('This server answers to 127.0.0.1 and localhost only')
  if (!validateOriginHeader(headers.origin, localhostAllowedOrigins()).ok)
    throw new StrangeOriginError('This server does not answer pages of other sites')
}

/** Counts the calls of each client. */
async function callLimits(app: FastifyInstance) {
  await app.register(rateLimit, { global: false })
  const countOf = (max: number) => {
    const count = app.createRateLimit({ max, timeWindow: WINDOW_MS })
    return async (request: FastifyRequest): Promise<void> => {
      const counted = await count(request)
      if (counted.isAllowed || !counted.isExceeded) return
      throw new TooManyCallsError('There were too many calls in a minute', counted.ttlInSeconds)
    }
  }
  return { right: countOf(MAX_CALLS), wrong: countOf(MAX_WRONG_CALLS) }
}

function callerOf({ ip, headers }: FastifyRequest): string {
  return `http of ${ip}, ${agentOf(headers['user-agent'])}`
}

/** All clients are on this machine. */
function viaOf(request: Request | undefined): string {
  return `http, ${agentOf(request?.headers.get('user-agent'))}`
}

function agentOf(userAgent: string | null | undefined): string {
  return `user agent "${visibleText(shortened(userAgent ?? '', MAX_AGENT_CHARS))}"`
}
