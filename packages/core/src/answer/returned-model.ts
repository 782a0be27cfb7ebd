import type { FastifyReply } from 'fastify'
import { isErrorModel } from '../errors/error-model.js'
import { isUnderWay } from './answer-under-way.js'
import { symbolDescribed } from './compat-fastify.js'

// Fastify keeps these under symbols that it does not export: https://github.com/fastify/fastify/blob/main/lib/symbols.js
const ERROR_HANDLER_RAN = 'fastify.reply.nextErrorHandler'
const IS_ERROR = 'fastify.reply.isError'
const IN_ERROR_HOOK = 'fastify.reply.isRunningOnErrorHook'

/**
 * Whether a payload is an Error model that is to be answered as an error. Not one that was thrown, which Fastify sends to the
 * error handler, nor one that an error handler of the application sends, which is its own, nor one of an answer that was sent
 * or that core is sending.
 */
export function isReturnedModel(payload: object, reply: FastifyReply): boolean {
  if (!isErrorModel(payload) || reply.sent || isUnderWay(reply)) return false
  if (reply.request.routeOptions.config?.returnedErrors === false) return false
  if (symbolDescribed(reply, ERROR_HANDLER_RAN) !== undefined) return false
  return !isSet(reply, IS_ERROR) && !isSet(reply, IN_ERROR_HOOK)
}

function isSet(reply: FastifyReply, description: string): boolean {
  const key = symbolDescribed(reply, description)
  return key !== undefined && (reply as unknown as Record<symbol, unknown>)[key] === true
}
