import { isThenable } from '@fastify-scs/core/kit'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** Gets what the handler of a WebSocket has thrown. Never throws. */
export type SocketFailureListener = (error: unknown, request: FastifyRequest) => void

/*
 * What is used of @fastify/websocket beyond its documentation, as of 11.3: that it takes the handler of a route in its own onRoute hook, that
 * it decorates the app with `websocketServer`, and that `request.ws` is true for a request whose connection is upgraded. Where that changes,
 * what handlers of WebSockets throw is not reported; the requests are answered as before.
 */

type SocketHandler = (this: unknown, socket: unknown, request: unknown) => unknown

/** The options that @fastify/websocket reads of a route. */
interface SocketRoute {
  readonly url: string
  readonly websocket?: boolean
  wsHandler?: unknown
  handler: unknown
}

/**
 * Sees what the handlers of WebSocket routes throw, or reject with: @fastify/websocket catches it, logs it and ends the socket, and no
 * hook and no error handler of Fastify learns of it. The plugin takes a route's handler when the route is declared, so this one has to
 * be registered before it; otherwise the log says that these failures are not seen.
 */
export function watchSocketHandlers(app: FastifyInstance, onFailure: SocketFailureListener): void {
  let isTooLate = app.hasDecorator('websocketServer')
  app.addHook('onRoute', (options) => {
    const route = options as SocketRoute
    if (route.websocket !== true && route.wsHandler === undefined) return
    if (isTooLate) {
      isTooLate = false
      app.log.warn(
        { route: route.url },
        'what handlers of WebSockets throw is not reported: register @fastify-scs/error-reporter before @fastify/websocket',
      )
    } else if (typeof route.wsHandler === 'function') {
      route.wsHandler = watched(route.wsHandler as SocketHandler, onFailure)
    } else if (typeof route.handler === 'function') {
      route.handler = watched(route.handler as SocketHandler, onFailure)
    }
  })
}

function watched(handler: SocketHandler, onFailure: SocketFailureListener): SocketHandler {
  const watchedHandler: SocketHandler = function (socket, request) {
    // Without @fastify/websocket it is called as any other handler, whose errors Fastify answers.
    if (!isOfSocket(request)) return handler.call(this, socket, request)
    try {
      const result = handler.call(this, socket, request)
      if (isThenable(result)) result.then(undefined, (error) => onFailure(error, request))
      return result
    } catch (error) {
      onFailure(error, request)
      throw error
    }
  }
  // Tracers name their spans by the handler's name.
  return Object.defineProperty(watchedHandler, 'name', { value: handler.name, configurable: true })
}

/** Whether the second argument of a handler is a request whose connection was upgraded; of a common handler it is the reply. */
function isOfSocket(request: unknown): request is FastifyRequest {
  return (request as { readonly ws?: unknown } | undefined)?.ws === true
}
