import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CallbackFailures, CoreCallback } from './callback-failures.js'
import type { DefinedError } from './errors/error-definition.js'
import { type Failure, withErrorId } from './errors/failure.js'
import {
  acceptsOnlyProblem,
  type ErrorFormat,
  PROBLEM_FORMAT,
  resolveErrorFormat,
  SCS_FORMAT,
} from './formats/error-format.js'
import { toJsonValue } from './json-value.js'
import { ErrorLine } from './log/error-line.js'
import type { ErrorBody, ResolvedScsOptions } from './options.js'
import type { Redactor } from './redact/redactor.js'
import { refusePromise } from './refuse-promise.js'

/** Sees each failure before its answer is made and may give it the id of a report. */
export type FailureObserver = (
  failure: Failure,
  request: FastifyRequest,
) => { readonly errorId: string } | undefined

interface Body {
  readonly text: string
  readonly contentType: string
}

const TEXT_TYPE = 'text/plain; charset=utf-8'

/** Turns failures into answers: picks the format, decorates, sends and logs, each once. */
export class ErrorAnswerer {
  readonly #format: ErrorFormat
  readonly #decorator: ResolvedScsOptions['errorDecorator']
  readonly #line: ErrorLine
  readonly #failures: CallbackFailures<CoreCallback>
  readonly #observers = new Set<FailureObserver>()
  /** The bodies of registered errors without details, which never change. */
  readonly #constants = new WeakMap<DefinedError, Body>()

  constructor(
    options: ResolvedScsOptions,
    redactor: Redactor,
    failures: CallbackFailures<CoreCallback>,
  ) {
    this.#format = resolveErrorFormat(options.errorFormat)
    this.#decorator = options.errorDecorator
    this.#line = new ErrorLine(redactor, failures)
    this.#failures = failures
  }

  /** Shows every further failure to an observer, before its answer is made; the function that is returned ends it. */
  observe(observer: FailureObserver): () => void {
    this.#observers.add(observer)
    return () => void this.#observers.delete(observer)
  }

  #observe(failure: Failure, request: FastifyRequest): Failure {
    let observed = failure
    for (const observer of this.#observers) {
      try {
        const errorId = observer(observed, request)?.errorId
        if (errorId !== undefined) observed = withErrorId(observed, errorId)
      } catch (error) {
        this.#failures.note('failureObserver', error, request.log, 'the answer was made without it')
      }
    }
    return observed
  }

  /** Answers a request with a failure and logs it. Never throws. */
  answer(classified: Failure, request: FastifyRequest, reply: FastifyReply): void {
    const failure = this.#observers.size === 0 ? classified : this.#observe(classified, request)
    this.#line.write(failure, request, reply)
    if (reply.sent) return
    if (reply.raw.headersSent) {
      // The answer has begun: cutting it off is the only way left to tell the client that it is not whole.
      reply.raw.destroy()
      return
    }
    const { text, contentType } = this.#bodyOf(failure, request)
    setForeignHeaders(failure.thrown, reply)
    reply.code(failure.status).header('content-type', contentType)
    if (failure.errorId !== undefined) reply.header('x-error-id', failure.errorId)
    sendAtAnyCost(reply, failure.status, text, contentType)
  }

  #bodyOf(failure: Failure, request: FastifyRequest): Body {
    const format = acceptsOnlyProblem(request.headers.accept) ? PROBLEM_FORMAT : this.#format
    const { registered, message, details } = failure
    const isConstant =
      registered !== undefined &&
      format.isConstant &&
      this.#decorator === undefined &&
      details === undefined &&
      (failure.errorId === undefined || !format.showsErrorId) &&
      message === registered.message
    if (!isConstant) return this.#makeBody(format, failure, request)
    let body = this.#constants.get(registered)
    if (body === undefined) {
      body = this.#makeBody(format, failure, request)
      this.#constants.set(registered, body)
    }
    return body
  }

  #makeBody(format: ErrorFormat, failure: Failure, request: FastifyRequest): Body {
    let { isPlain } = format
    let body = this.#formatSafely(format, failure, request)
    if (this.#decorator !== undefined && typeof body === 'object' && body !== null) {
      body = this.#decorate(body as ErrorBody, failure, request)
      isPlain = false
    }
    if (typeof body === 'string') return { text: body, contentType: TEXT_TYPE }
    const text = JSON.stringify(isPlain ? body : toJsonValue(body))
    return { text, contentType: format.contentType }
  }

  #formatSafely({ format }: ErrorFormat, failure: Failure, request: FastifyRequest): unknown {
    try {
      return refusePromise(format(failure, request))
    } catch (error) {
      this.#failures.note('errorFormat', error, request.log, 'the scs format stood in')
      return SCS_FORMAT.format(failure, request)
    }
  }

  #decorate(body: ErrorBody, failure: Failure, request: FastifyRequest): unknown {
    const copy = { ...body }
    try {
      return refusePromise(this.#decorator?.(copy, failure, request)) ?? copy
    } catch (error) {
      this.#failures.note('errorDecorator', error, request.log, 'the body was sent undecorated')
      return body
    }
  }
}

/** Sets the headers that an error brings, such as http-errors' `WWW-Authenticate`, as Fastify's own handler does. */
function setForeignHeaders(thrown: unknown, reply: FastifyReply): void {
  if (typeof thrown !== 'object' || thrown === null) return
  try {
    const { headers } = thrown as { headers?: unknown }
    if (typeof headers === 'object' && headers !== null) reply.headers({ ...headers })
  } catch {
    // The headers cannot be read or are no headers: the answer goes without them.
  }
}

/**
 * Sends through the onSend hooks. If one of them fails, Fastify would answer with an error body of its own, the
 * hook's message in it; the body made here is sent past the hooks instead.
 */
function sendAtAnyCost(
  reply: FastifyReply,
  status: number,
  text: string,
  contentType: string,
): void {
  const send = reply.send
  reply.send = () => {
    reply.send = send
    if (reply.sent) return reply.send(text)
    reply.hijack()
    if (reply.raw.headersSent) {
      reply.raw.destroy()
      return reply
    }
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value)
    }
    const length = Buffer.byteLength(text)
    reply.raw.writeHead(status, { 'content-type': contentType, 'content-length': length })
    reply.raw.end(reply.request.method === 'HEAD' ? undefined : text)
    return reply
  }
  send.call(reply, text)
}
