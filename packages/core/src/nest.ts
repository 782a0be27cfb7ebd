import type { FastifyReply, FastifyRequest } from 'fastify'

/** The part of NestJS's `ArgumentsHost` that is used; core does not depend on NestJS. */
export interface NestArgumentsHost {
  switchToHttp(): { getRequest(): unknown; getResponse(): unknown }
}

/** The part of NestJS's `HttpException` that is read. */
interface NestHttpException {
  readonly getResponse: () => unknown
}

/** The part of class-validator's `ValidationError` that is read. */
interface ClassValidatorError {
  readonly property: string
  readonly constraints?: Readonly<Record<string, string>>
  readonly children?: readonly unknown[]
}

/** One message, where Fastify's validation errors have theirs. */
interface Violation {
  readonly instancePath: string
  readonly message: string
}

/**
 * Exception filter for NestJS on FastifyAdapter: answers, logs and reports what a controller throws as core's error
 * handler does. NestJS replaces core's error handler with its own, so the filter has to be set:
 * `app.useGlobalFilters(new ScsExceptionFilter())`.
 *
 * The messages of NestJS's `ValidationPipe` become the answer's details. With the paths of the properties, if an `exceptionFactory`
 * passes the errors on: `(errors) => new BadRequestException(errors)`.
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
  const validation = message.flatMap((each) => violationsOf(each, ''))
  if (validation.length === 0) return exception
  const texts = validation.map((each) => each.message)
  return Object.assign(exception, { message: texts.join('; '), validation })
}

/** A message of the pipe, or what an `exceptionFactory` passes on: the errors of class-validator, which name their properties. */
function violationsOf(each: unknown, parent: string): readonly Violation[] {
  if (typeof each === 'string') return [{ instancePath: '', message: each }]
  const { property, constraints, children } = (each ?? {}) as Partial<ClassValidatorError>
  if (typeof property !== 'string') return []
  const instancePath = `${parent}/${property}`
  const own = Object.values(constraints ?? {}).map((message) => ({ instancePath, message }))
  return [...own, ...(children ?? []).flatMap((child) => violationsOf(child, instancePath))]
}

function isHttpException(exception: unknown): exception is NestHttpException {
  return (
    exception instanceof Error &&
    typeof (exception as Partial<NestHttpException>).getResponse === 'function'
  )
}
