import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  classify,
  methodNotAllowedFailure,
  notFoundFailure,
  type Registries,
} from '../errors/classify.js'
import { isErrorModel } from '../errors/error-model.js'
import type { Failure } from '../errors/failure.js'
import { isObject } from '../kit/unknown-value.js'
import type { Lifecycle } from '../lifecycle/lifecycle.js'
import type { ResolvedScsOptions } from '../options.js'
import { pathOf } from '../request/request-facts.js'
import { isAnsweringError } from './compat-fastify.js'
import type { ErrorAnswerer } from './error-answerer.js'
import { isUnderWay } from './guaranteed-send.js'
import { guardReplies } from './reply-guard.js'
import { answerUnknownRoutes } from './unknown-route.js'

type Options = Pick<ResolvedScsOptions, 'methodNotAllowed' | 'returnedErrors'>

/** Answers the errors and unknown routes of an app, except where a context has handlers of its own. */
export function answerErrors(
  app: FastifyInstance,
  registries: Registries,
  answerer: ErrorAnswerer,
  options: Options,
  lifecycle: Lifecycle,
): void {
  app.setErrorHandler((error: unknown, request, reply) => {
    if (isOfUnknownMethod(error)) {
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
    onTrailer: (error, name, reply) => answerer.logTrailer(error, name, reply.request),
    onErrorPayload: options.returnedErrors ? answerModel : undefined,
    onSending: (payload, isStream, reply) => lifecycle.sending(payload, isStream, reply),
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
 * Whether this is Fastify's error for a request that not even a not-found handler is found for: over HTTP/2 any word can be a
 * method. No hook of the application has run, so the client does not learn whether the path is known.
 */
function isOfUnknownMethod(error: unknown): boolean {
  if (!isObject(error)) return false
  try {
    // By its name in the code, which V8 remembers: this is asked about each error that is answered.
    return (error as { readonly code?: unknown }).code === 'FST_ERR_NOT_FOUND'
  } catch {
    // A getter or a Proxy trap threw.
    return false
  }
}

function unknownRoute({ method, url }: FastifyRequest, { errors }: Registries): Failure {
  return notFoundFailure(method, pathOf(url), errors)
}

/**
 * Whether a payload is an Error model that a handler has returned or sent, to be answered as an error. An error handler of the
 * application may send an Error model itself: that one is left alone, and so is one after an answer.
 */
function isReturnedModel(payload: object, reply: FastifyReply): boolean {
  if (!isErrorModel(payload) || reply.sent || isUnderWay(reply)) return false
  if (reply.request.routeOptions.config?.returnedErrors === false) return false
  return !isAnsweringError(reply)
}
