import type { IncomingMessage } from 'node:http'
import { performance } from 'node:perf_hooks'
import { lifeOf } from '@fastify-scs/core/kit'
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  preParsingHookHandler,
  preValidationHookHandler,
  RouteOptions,
} from 'fastify'
import { type Call, callKey, type WatchedLife } from './call.js'
import type { WatchedRoute } from './watched-route.js'

const BODYLESS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/**
 * Marks when a call of the route reaches its handler and, where a body may come, when parsing begins and ends. The
 * handler is wrapped rather than preceded by a hook: that is exact whatever hooks come later, and costs less.
 */
export function markRoute(options: RouteOptions, route: WatchedRoute): void {
  const { handler } = options
  route.handler = handler
  const markedHandler: RouteOptions['handler'] = function (
    this: FastifyInstance,
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const call = callOf(request)
    if (call !== undefined) {
      call.route = route
      call.handlerAt = performance.now()
    }
    return handler.call(this, request, reply)
  }
  // Tracers name their spans by the handler's name.
  Object.defineProperty(markedHandler, 'name', { value: handler.name, configurable: true })
  options.handler = markedHandler
  if ([options.method].flat().every((method) => BODYLESS.has(method))) return
  options.preParsing = [markParsing, ...listOf(options.preParsing)]
  options.preValidation = [markParsed, ...listOf(options.preValidation)]
}

// A plugin such as @fastify/websocket may call a handler with other things than a request and a reply.
function callOf(request: unknown): Call | undefined {
  return (lifeOf(request) as WatchedLife | undefined)?.[callKey]
}

function listOf<Hook>(hooks: Hook | Hook[] | undefined): Hook[] {
  return hooks === undefined ? [] : ([hooks].flat() as Hook[])
}

const markParsing: preParsingHookHandler = (request, _reply, _payload, done) => {
  const call = callOf(request)
  if (call !== undefined) {
    call.parseAt = performance.now()
    markBodyEnd(request.raw, call)
  }
  done()
}

const markParsed: preValidationHookHandler = (request, _reply, done) => {
  const call = callOf(request)
  if (call !== undefined) call.parsedAt = performance.now()
  done()
}

/** A request with a body that is being watched. */
type WatchedMessage = IncomingMessage & { [callKey]?: Call }

/** Marks when a body has arrived in full. One function for all requests, so that none costs a closure. */
function markBodyEnd(message: WatchedMessage, call: Call): void {
  message[callKey] = call
  message.on('end', noteBodyEnd)
}

function noteBodyEnd(this: WatchedMessage): void {
  const call = this[callKey]
  if (call?.firstByteAt === 0) call.bodyEndAt = performance.now()
}

/** Marks when the handler passes its answer to `reply.send`. Put on a reply once its call has lasted for a while. */
export function markSend(call: Call): void {
  if (call.isWatchedClosely) return
  call.isWatchedClosely = true
  const { reply } = call.life
  const { send } = reply
  reply.send = function timedSend(this: FastifyReply, payload?: unknown): FastifyReply {
    if (call.handledAt !== 0) return send.call(this, payload)
    call.handledAt = performance.now()
    call.isStream = isStream(payload)
    const result = send.call(this, payload)
    call.sentAt = performance.now()
    return result
  } as FastifyReply['send']
}

function isStream(payload: unknown): boolean {
  if (typeof payload !== 'object' || payload === null) return false
  // By its tag: asking for the class of it would load the built-in fetch, which puts a dispatcher in place for the process.
  return 'pipe' in payload || 'getReader' in payload || tagOf(payload) === '[object Response]'
}

function tagOf(payload: object): string {
  return Object.prototype.toString.call(payload)
}
