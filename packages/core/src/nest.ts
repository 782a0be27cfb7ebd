import type { FastifyReply, FastifyRequest } from 'fastify'

/** What is used of NestJS's `ArgumentsHost`; core does not depend on NestJS. */
export interface NestArgumentsHost {
  switchToHttp(): { getRequest(): unknown; getResponse(): unknown }
}

/** What is read of NestJS's `HttpException`. */
interface NestHttpException {
  readonly getResponse: () => unknown
}

/**
 * Exception filter for NestJS on FastifyAdapter: answers, logs and reports what a controller throws as core's error
 * handler does. NestJS puts a handler of its own in core's place, so the filter has to be named:
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

/** Gives an exception of the ValidationPipe its messages as Fastify's own validation errors have them. */
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
