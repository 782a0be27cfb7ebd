import type { FastifyInstance, preHandlerHookHandler } from 'fastify'
import type { ErrorAnswerer } from './answer.js'
import { classify, notFoundFailure, type Registries } from './errors/classify.js'
import { guardReplies } from './reply-guard.js'
import { pathOf } from './request-path.js'

/** Answers errors and unknown routes of an app, except where a child context has handlers of its own. */
export function answerErrors(
  app: FastifyInstance,
  registries: Registries,
  answerer: ErrorAnswerer,
): void {
  app.setErrorHandler((error: unknown, request, reply) => {
    app.scs.answerError(error, request, reply)
  })
  guardReplies(app, {
    onWriteError: (error, reply) => {
      answerer.answer(classify(error, 200, registries), reply.request, reply)
    },
    onHeadError: (error, reply) => {
      answerer.answerAtOnce(classify(error, 200, registries), reply.request, reply)
    },
    onTrailer: (error, name, reply) => answerer.tellOfTrailer(error, name, reply.request),
  })
  // `done` is not called: the answer ends the request before Fastify's own handler is reached.
  answerUnknownRoutes(app, (request, reply, _done) => {
    const path = pathOf(request.url)
    const failure = notFoundFailure(request.method, path, registries.errors)
    answerer.answer(failure, request, reply)
  })
}

/*
 * A handler given to setNotFoundHandler would take the only place that Fastify has for a prefix: neither the
 * application nor a plugin registered later could set one. A hook of the default handler leaves the place free.
 */
function answerUnknownRoutes(app: FastifyInstance, preHandler: preHandlerHookHandler): void {
  try {
    app.setNotFoundHandler({ preHandler }, undefined as never)
  } catch (error) {
    app.log.debug({ err: error }, 'the application has a not-found handler of its own')
  }
}
