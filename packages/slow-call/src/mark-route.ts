import { performance } from 'node:perf_hooks'
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  preParsingHookHandler,
  preValidationHookHandler,
  RouteOptions,
} from 'fastify'
import { type Call, callKey, type WatchedResponse } from './call.js'
import { watchBodyEnd } from './timed-reply.js'
import type { WatchedRoute } from './watched-route.js'

const BODYLESS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/**
 * Marks when a call of the route reaches its handler and, where a body may come, when parsing begins and ends. The
 * handler is wrapped rather than preceded by a hook: that is exact whatever hooks come later, and costs less.
 */
export function markRoute(options: RouteOptions, route: WatchedRoute): void {
  const { handler } = options
  const markedHandler: RouteOptions['handler'] = function (
    this: FastifyInstance,
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const call = callOf(reply)
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
function callOf(reply: FastifyReply | undefined): Call | undefined {
  return (reply?.raw as WatchedResponse | undefined)?.[callKey]
}

function listOf<Hook>(hooks: Hook | Hook[] | undefined): Hook[] {
  return hooks === undefined ? [] : ([hooks].flat() as Hook[])
}

const markParsing: preParsingHookHandler = (request, reply, _payload, done) => {
  const call = callOf(reply)
  if (call !== undefined) {
    call.parseAt = performance.now()
    watchBodyEnd(request.raw, call)
  }
  done()
}

const markParsed: preValidationHookHandler = (_request, reply, done) => {
  const call = callOf(reply)
  if (call !== undefined) call.parsedAt = performance.now()
  done()
}
