import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { WatchedRoute } from './watched-route.js'

/** Told when the head of an answer has been written. */
export interface AnswerListener {
  answered(call: Call): void
}

/** Where the call of a response or a request is found. */
export const callKey: unique symbol = Symbol('slow-call')

/** A response that is being watched. */
export type WatchedResponse = ServerResponse & { [callKey]?: Call }

/** A request with a body that is being watched. */
export type WatchedMessage = IncomingMessage & { [callKey]?: Call }

/**
 * What is known of one call: moments by the monotonic clock (`performance.now()`), 0 while they have not come. It is the
 * one object that every request costs; everything else is made only once a call was slow.
 */
export class Call {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly listener: AnswerListener
  readonly inFlightAtStart: number
  readonly startedAt: number
  /** The response's own `writeHead`, or what another plugin has put there. */
  readonly writeHead: ServerResponse['writeHead']

  /** Known once the handler is reached, or once it was looked up. */
  route: WatchedRoute | undefined = undefined
  parseAt = 0
  bodyEndAt = 0
  parsedAt = 0
  handlerAt = 0
  /** When the handler handed its answer over; only known when the call was watched closely by then. */
  handledAt = 0
  /** When `reply.send` returned: what is synchronous in it, serialization above all, is done. */
  sentAt = 0
  firstByteAt = 0
  isStream = false
  isWatchedClosely = false
  isStuck = false
  /** Whether it was reported as stuck, so that its end is told too. */
  isToldStuck = false
  /** Whether its client left; what its handler still does is watched no longer. */
  isAborted = false

  /** The neighbours among the calls in flight. */
  older: Call | undefined = undefined
  newer: Call | undefined = undefined

  constructor(
    request: FastifyRequest,
    reply: FastifyReply,
    listener: AnswerListener,
    inFlightAtStart: number,
    startedAt: number,
  ) {
    this.request = request
    this.reply = reply
    this.listener = listener
    this.inFlightAtStart = inFlightAtStart
    this.startedAt = startedAt
    this.writeHead = reply.raw.writeHead
  }
}

/** Whether the client has gone: the response can no longer be written. */
export function isClientGone(call: Call): boolean {
  const raw = call.reply.raw as ServerResponse & { readonly stream?: { destroyed: boolean } }
  // The response of HTTP/2 has no `destroyed`; its stream has.
  return raw.destroyed === true || raw.stream?.destroyed === true
}

/** Whether the connection has become something else, such as a WebSocket: the handler has taken it over. */
export function isUpgraded(call: Call): boolean {
  const raw = call.request.raw as IncomingMessage & { readonly upgrade?: boolean | null }
  return raw.upgrade === true && call.reply.sent
}

/** How an endpoint is called in titles and logs: method and route pattern. */
export function endpointOf(call: Call, route: WatchedRoute): string {
  return `${call.request.method} ${route.url}`
}
