import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Where a request's life is found. */
export const LIFE: unique symbol = Symbol('@fastify-scs/core/life')

/** What all plugins share of one request, from its arrival on. The one object that core makes for a request. */
export class RequestLife {
  /** The request; the latest one, where an application routes the same message again. */
  request: FastifyRequest
  reply: FastifyReply
  /** When it arrived, by the monotonic clock (`performance.now()`), in milliseconds. */
  readonly arrivedAt: number
  /** Whether the head of its answer has been written. */
  hasHead = false
  /** The response's own `writeHead`, or what another plugin has put there. */
  readonly writeHead: ServerResponse['writeHead']

  constructor(request: FastifyRequest, reply: FastifyReply, arrivedAt: number) {
    this.request = request
    this.reply = reply
    this.arrivedAt = arrivedAt
    this.writeHead = reply.raw.writeHead
  }
}

/**
 * The life of a request; undefined where no plugin follows requests, or where the request was answered before core saw it.
 * Anything may be asked about.
 */
export function lifeOf(request: unknown): RequestLife | undefined {
  return (request as { [LIFE]?: RequestLife | null } | undefined)?.[LIFE] ?? undefined
}
