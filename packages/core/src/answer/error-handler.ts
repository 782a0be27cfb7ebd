import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  classify,
  methodNotAllowedFailure,
  notFoundFailure,
  type Registries,
} from '../errors/classify.js'
import type { Failure } from '../errors/failure.js'
import { isObject } from '../kit/unknown-value.js'
import type { ResolvedScsOptions } from '../options.js'
import { pathOf } from '../request/request-path.js'
import { readField } from '../thrown/error-object.js'
import { allowedMethods } from './allowed-methods.js'
import type { ErrorAnswerer } from './error-answerer.js'
import { guardReplies } from './reply-guard.js'
import { isReturnedModel } from './returned-model.js'

type Options = Pick<ResolvedScsOptions, 'methodNotAllowed' | 'returnedErrors'>

/** Answers errors and unknown routes of an app, except where a child context has handlers of its own. */
export function answerErrors(
  app: FastifyInstance,
  registries: Registries,
  answerer: ErrorAnswerer,
  options: Options,
): void {
  app.setErrorHandler((error: unknown, request, reply) => {
    if (isOfUnknownRoute(error)) {
      answerer.answer(unknownRoute(request, registries), request, reply)
      return
    }
    app.scs.answerError(error, request, reply)
  })
  const answerModel = (payload: object, reply: FastifyReply): boolean => {
    if (!isReturnedModel(payload, reply)) return false
    answerer.answer(classify(payload, reply.statusCode, registries), reply.request, reply)
    return true
  }
  guardReplies(app, {
    onWriteError: (error, reply) => {
      answerer.answer(classify(error, 200, registries), reply.request, reply)
    },
    onHeadError: (error, reply) => {
      answerer.answerAtOnce(classify(error, 200, registries), reply.request, reply)
    },
    onTrailer: (error, name, reply) => answerer.tellOfTrailer(error, name, reply.request),
    onErrorPayload: options.returnedErrors ? answerModel : undefined,
  })
  answerUnknownRoutes(app, options.methodNotAllowed, (request, reply, allowed) => {
    if (allowed !== undefined) reply.header('allow', allowed)
    const failure =
      allowed === undefined
        ? unknownRoute(request, registries)
        : methodNotAllowedFailure(registries.errors)
    answerer.answer(failure, request, reply)
  })
}

/**
 * Whether this is Fastify's own error for a request that not even its not-found handler is found for: HTTP/2 lets any word
 * be a method. No hook of the host has run, so it is not told whether the path is known.
 */
function isOfUnknownRoute(error: unknown): boolean {
  return isObject(error) && readField(error, 'code') === 'FST_ERR_NOT_FOUND'
}

function unknownRoute({ method, url }: FastifyRequest, { errors }: Registries): Failure {
  return notFoundFailure(method, pathOf(url), errors)
}

/** Set on a request that no route was found for; `reply.callNotFound` comes from the handler of one. */
const UNROUTED: unique symbol = Symbol('@fastify-scs/core/unrouted')

type Unrouted = FastifyRequest & { [UNROUTED]?: true }

/*
 * A handler given to setNotFoundHandler would take the only place that Fastify has for a prefix: neither the
 * application nor a plugin registered later could set one. Hooks of the default handler leave the place free.
 */
function answerUnknownRoutes(
  app: FastifyInstance,
  asksForMethods: boolean,
  answer: (request: FastifyRequest, reply: FastifyReply, allowed: string | undefined) => void,
): void {
  const onRequest = (request: Unrouted, _reply: FastifyReply, done: () => void): void => {
    request[UNROUTED] = true
    done()
  }
  // `done` is not called: the answer ends the request before Fastify's own handler is reached.
  const preHandler = (request: Unrouted, reply: FastifyReply, _done: () => void): void => {
    const isAsked = asksForMethods && request[UNROUTED] === true && !isAnsweredAsBefore(request)
    answer(request, reply, isAsked ? allowedMethods(app, request) : undefined)
  }
  try {
    app.setNotFoundHandler({ onRequest, preHandler } as never, undefined as never)
  } catch (error) {
    app.log.debug({ err: error }, 'the application has a not-found handler of its own')
  }
}

/** HEAD and OPTIONS are as Fastify has them. */
function isAnsweredAsBefore({ method }: FastifyRequest): boolean {
  return method === 'HEAD' || method === 'OPTIONS'
}
