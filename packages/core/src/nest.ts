import type { FastifyReply, FastifyRequest } from 'fastify'

/** The part of NestJS's `ArgumentsHost` that is used; core does not depend on NestJS. */
export interface NestArgumentsHost {
  switchToHttp(): { getRequest(): unknown; getResponse(): unknown }
}

/** The part of NestJS's `HttpException` that is read. */
interface NestHttpException {
  readonly getResponse: () => unknown
}

/**
 * Exception filter for NestJS on FastifyAdapter: answers, logs and reports what a controller throws as core's error
 * handler does. NestJS replaces core's error handler with its own, so the filter has to be set:
 * `app.useGlobalFilters(new ScsExceptionFilter())`.
 *
 * The messages of NestJS's `ValidationPipe` become the answer's details.
 *
 * Source: https://docs.nestjs.com/exception-filters
 */
export class ScsExceptionFilter {
  /** Answers with what was thrown. */
  catch(exception: unknown, host: NestArgumentsHost): void {
    const http = host.switchToHttp()
    const request = http.getRequest() as FastifyRequest
    const reply = http.getResponse() as FastifyReply
    reply.server.scs.answerError(withValidation(exception), request, reply)
  }
}

/** Puts the messages of an exception of the ValidationPipe where Fastify's validation errors have theirs. */
function withValidation(exception: unknown): unknown {
  if (!isHttpException(exception)) return exception
  const response = exception.getResponse()
  const { message } = (response ?? {}) as { message?: unknown }
  if (!Array.isArray(message)) return exception
  const texts = message.filter((text): text is string => typeof text === 'string')
  return Object.assign(exception, {
    message: texts.join('; '),
    validation: texts.map((text) => ({ instancePath: '', message: text })),
  })
}

function isHttpException(exception: unknown): exception is NestHttpException {
  return (
    exception instanceof Error &&
    typeof (exception as Partial<NestHttpException>).getResponse === 'function'
  )
}
