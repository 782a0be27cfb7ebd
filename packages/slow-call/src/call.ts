import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RequestLife } from '@fastify-scs/core/kit'
import type { WatchedRoute } from './watched-route.js'

/** Where the call of a request is found, on its life. */
export const callKey: unique symbol = Symbol('@fastify-scs/slow-call/call')

/** The life of a request whose call is watched. */
export type WatchedLife = RequestLife & { [callKey]?: Call }

/**
 * What is known of one call: moments by the monotonic clock (`performance.now()`), 0 while they have not come. It is the
 * one object that this package makes for each request; everything else is made only once a call was slow.
 */
export class Call {
  readonly life: RequestLife
  readonly inFlightAtStart: number

  /** Known once the handler is reached, or once it was looked up. */
  route: WatchedRoute | undefined = undefined
  parseAt = 0
  bodyEndAt = 0
  parsedAt = 0
  handlerAt = 0
  /** When the handler passed its answer to `reply.send`; only known when the call was watched closely by then. */
  handledAt = 0
  /** When `reply.send` returned: what is synchronous in it, serialization above all, is done. */
  sentAt = 0
  firstByteAt = 0
  isStream = false
  isWatchedClosely = false
  isStuck = false
  /** Whether it was reported as stuck, so that its end is reported too. */
  isReportedStuck = false
  /** Whether the error reporter has counted it already. */
  isCounted = false
  /** Whether its client left; what its handler still does is no longer watched. */
  isAborted = false

  /** The neighbours among the calls in flight. */
  older: Call | undefined = undefined
  newer: Call | undefined = undefined

  constructor(life: RequestLife, inFlightAtStart: number) {
    this.life = life
    this.inFlightAtStart = inFlightAtStart
  }
}

/** Whether the client has gone: the response can no longer be written. */
export function isClientGone({ life }: Call): boolean {
  const raw = life.reply.raw as ServerResponse & { readonly stream?: { destroyed: boolean } }
  // The response of HTTP/2 has no `destroyed`; its stream has.
  return raw.destroyed === true || raw.stream?.destroyed === true
}

/** Whether the connection was upgraded, to a WebSocket for example: the handler has taken it over. */
export function isUpgraded({ life }: Call): boolean {
  const raw = life.request.raw as IncomingMessage & { readonly upgrade?: boolean | null }
  return raw.upgrade === true && life.reply.sent
}

/** Where the time of a call went, in milliseconds. All but `sendingMs` and `uploadMs` add up to its duration. */
export interface Phases {
  /** The client sending its body. Not part of the duration, unless the handler reads the body itself. */
  readonly uploadMs: number
  /** Parsing the body, and preParsing hooks. */
  readonly parsingMs: number
  /** Hooks before the handler and asynchronous ones behind it, and validation. */
  readonly hooksMs: number
  /** The handler; of a stream also the wait for its first chunk. With `serializationMs` null, serialization as well. */
  readonly handlerMs: number
  /** From the handler's answer to its bytes; null when it could not be told apart. */
  readonly serializationMs: number | null
  /** From the first byte to the last, the client's download; null while it goes on, or when it never began. */
  readonly sendingMs: number | null
}

/** The phase that a call is in. */
export type PhaseName = 'hooks' | 'upload' | 'parsing' | 'handler' | 'serialization'

/** Milliseconds that the server has waited for the call's body. */
function uploadWaitMs(call: Call, at: number): number {
  const { parseAt, parsedAt, bodyEndAt } = call
  if (parseAt === 0) return 0
  const until = parsedAt === 0 ? at : parsedAt
  if (bodyEndAt !== 0 && bodyEndAt <= until) return bodyEndAt - parseAt
  // Parsing, and the body is still on its way; a body that was there at once, or is left to the handler, is no wait.
  return parsedAt === 0 && !call.life.request.raw.complete ? at - parseAt : 0
}

/** What is compared with the limit, in milliseconds: from the arrival to `at` without the wait for the body. */
export function durationMs(call: Call, at: number): number {
  return at - call.life.arrivedAt - uploadWaitMs(call, at)
}

/** Splits the time from the arrival to `at`, which is the first byte or the moment of looking. */
export function phasesOf(call: Call, at: number): Phases {
  const { parseAt, parsedAt, bodyEndAt, handlerAt, handledAt } = call
  const sentAt = call.sentAt === 0 ? at : call.sentAt
  const waitMs = uploadWaitMs(call, at)
  const parsingMs = parseAt === 0 ? 0 : (parsedAt === 0 ? at : parsedAt) - parseAt - waitMs
  const handlerEnd = handledAt === 0 ? at : handledAt
  const streamMs = call.isStream && handledAt !== 0 ? at - sentAt : 0
  const handlerMs = (handlerAt === 0 ? 0 : handlerEnd - handlerAt) + streamMs
  const serializationMs = handledAt === 0 ? null : Math.min(sentAt, at) - handledAt
  const hooksMs = durationMs(call, at) - parsingMs - handlerMs - (serializationMs ?? 0)
  return {
    uploadMs: bodyEndAt === 0 ? waitMs : bodyEndAt - parseAt,
    parsingMs,
    // The sum of floating point differences may miss 0 by a hair.
    hooksMs: Math.max(0, hooksMs),
    handlerMs,
    serializationMs,
    sendingMs: null,
  }
}

/** The phase that an unanswered call is in. */
export function currentPhase(call: Call): PhaseName {
  if (call.parseAt !== 0 && call.parsedAt === 0) {
    return call.bodyEndAt === 0 && !call.life.request.raw.complete ? 'upload' : 'parsing'
  }
  if (call.handlerAt === 0) return 'hooks'
  if (call.handledAt === 0) return 'handler'
  if (call.sentAt === 0) return 'serialization'
  return call.isStream ? 'handler' : 'hooks'
}
