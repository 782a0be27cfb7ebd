import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Failure } from '../errors/failure.js'
import { withoutHiddenFields } from '../errors/hidden-fields.js'
import type { CallbackFailures, CoreCallback } from '../kit/callback-failures.js'
import type { Redactor } from '../redact/redactor.js'
import { willWrite } from './compat-pino.js'
import { type FailureLine, HostLogging, type LogController } from './log-controller.js'
import { errorForLog } from './redacted-error.js'

/**
 * Writes the log line about a failed request: the fields of Fastify's own line, redacted, with `status`, `id` and `errorId` in
 * addition. Where Fastify would not have written a line, this writes none either.
 */
export class ErrorLine {
  readonly #redactor: Redactor
  readonly #failures: CallbackFailures<CoreCallback>
  readonly #views: RequestViews
  readonly #hostLogging = new HostLogging()

  constructor(redactor: Redactor, failures: CallbackFailures<CoreCallback>) {
    this.#redactor = redactor
    this.#failures = failures
    this.#views = new RequestViews(redactor)
  }

  /** Writes the line. Sets the status of the answer before, because the line shows it. Never throws. */
  write(failure: Failure, request: FastifyRequest, reply: FastifyReply): void {
    const { status, id, mistake } = failure
    try {
      if (mistake !== undefined) request.log.error({ status, id }, mistake)
      const own = this.#hostLogging.ownLineOf(request, lineOf(failure))
      const isWritten = own !== undefined || willWrite(request.log, status < 500 ? 'info' : 'error')
      if (!isWritten || this.#hostLogging.isDisabled(request)) return
      if (!reply.sent && !reply.raw.headersSent) reply.code(status)
      this.#write(failure, request, reply, own)
    } catch (error) {
      // A serializer or the log controller of the application threw.
      this.#failures.note('logger', error, request.log, 'the answer was still sent')
    }
  }

  #write(
    failure: Failure,
    request: FastifyRequest,
    reply: FastifyReply,
    own: LogController | undefined,
  ): void {
    const { status, id, errorId, thrown } = failure
    const res = this.#views.reply(reply)
    const line = lineOf(failure)
    const err = line === 'routeNotFound' ? undefined : errorForLog(thrown, this.#redactor)
    if (own !== undefined) {
      const req = this.#views.request(request)
      const known = { status, id, errorId }
      if (line === 'routeNotFound') own.routeNotFound(req, res, known)
      else own.defaultErrorLog(err, req, res, known)
    } else if (status < 500) {
      request.log.info({ status, id, errorId, res, err }, this.#textOf(failure, request))
    } else {
      const req = this.#views.request(request)
      const text = err?.message || this.#textOf(failure, request)
      request.log.error({ status, id, errorId, req, res, err }, text)
    }
  }

  #textOf(failure: Failure, { method, url }: FastifyRequest): string {
    if (lineOf(failure) === 'routeNotFound') {
      return `Route ${method}:${this.#redactor.url(url)} not found`
    }
    const { message, registered, thrown } = failure
    // A registered message is the developer's own text. Any other may quote the request.
    return registered?.message === message
      ? message
      : this.#redactor.text(withoutHiddenFields(message, thrown, this.#redactor))
  }
}

function lineOf({ thrown, status }: Failure): FailureLine {
  return thrown === undefined && (status === 404 || status === 405)
    ? 'routeNotFound'
    : 'defaultErrorLog'
}

/**
 * Redacted views of requests and replies, for the serializers of the application: URL, query, parameters, headers and body are
 * redacted when they are read; all other fields are those of the original.
 *
 * They are proxies, not objects that inherit from the original: V8 changes the hidden class of an object that becomes a prototype,
 * and Fastify then used it half as fast.
 */
export class RequestViews {
  readonly #redactor: Redactor
  readonly #requests: ProxyHandler<FastifyRequest>
  readonly #replies: ProxyHandler<FastifyReply>

  constructor(redactor: Redactor) {
    this.#redactor = redactor
    this.#requests = { get: (request, key) => this.#ofRequest(request, key) }
    this.#replies = { get: (reply, key) => this.#ofReply(reply, key) }
  }

  request(request: FastifyRequest): FastifyRequest {
    return new Proxy(request, this.#requests)
  }

  reply(reply: FastifyReply): FastifyReply {
    return new Proxy(reply, this.#replies)
  }

  #ofRequest(request: FastifyRequest, key: PropertyKey): unknown {
    switch (key) {
      case 'url':
      case 'originalUrl':
        return this.#redactor.url(request[key])
      case 'headers':
        return this.#redactor.headers(request.headers)
      case 'query':
      case 'params':
      case 'body':
        return this.#redactor.value(request[key])
      default:
        return Reflect.get(request, key)
    }
  }

  #ofReply(reply: FastifyReply, key: PropertyKey): unknown {
    switch (key) {
      case 'request':
        return this.request(reply.request)
      case 'getHeaders':
        return () => this.#headersOf(reply)
      case 'getHeader':
        return (name: string) => this.#headersOf(reply)[name.toLowerCase()]
      default:
        return Reflect.get(reply, key)
    }
  }

  #headersOf(reply: FastifyReply): Record<string, unknown> {
    return this.#redactor.headers(reply.getHeaders())
  }
}
