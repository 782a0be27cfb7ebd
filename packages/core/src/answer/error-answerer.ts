import type { FastifyReply, FastifyRequest } from 'fastify'
import type { DefinedError } from '../errors/error-definition.js'
import { type Failure, withErrorId } from '../errors/failure.js'
import { toJsonValue } from '../json/to-json-value.js'
import type { CallbackFailures, CoreCallback } from '../kit/callback-failures.js'
import { isObject, refusePromise } from '../kit/unknown-value.js'
import { ErrorLine } from '../log/error-line.js'
import { errorForLog } from '../log/redacted-error.js'
import type { ErrorBody, ResolvedScsOptions } from '../options.js'
import type { Redactor } from '../redact/redactor.js'
import { PreSerializationHooks, ReplyHeaders } from './compat-fastify.js'
import {
  acceptsOnlyProblem,
  type ErrorFormat,
  resolveErrorFormat,
  SCS_FORMAT,
} from './error-format.js'
import { type AnswerFrame, cutOff, sendThroughHooks, sendWithoutHooks } from './guaranteed-send.js'
import {
  createHeaderTest,
  dropPlannedHeaders,
  type HeaderTest,
  takeErrorHeaders,
} from './headers.js'
import { dropTrailers } from './reply-guard.js'
import { noteThrown } from './thrown-of.js'

/** Called with each failure before its answer is made; may return the id of a report about it. */
export type FailureObserver = (
  failure: Failure,
  request: FastifyRequest,
  reply: FastifyReply,
) => { readonly errorId: string } | undefined

/** Sees each failure first, and may put another in its place. */
export type FailureCheck = (failure: Failure, request: FastifyRequest) => Failure

interface Body {
  readonly text: string
  readonly contentType: string
  readonly isJson: boolean
}

const TEXT_TYPE = 'text/plain; charset=utf-8'

/** Turns failures into answers: logs the failure, makes the body in the chosen format, decorates and sends it. */
export class ErrorAnswerer {
  readonly #format: ErrorFormat
  readonly #problem: ErrorFormat
  readonly #check: FailureCheck | undefined
  readonly #decorator: ResolvedScsOptions['errorDecorator']
  readonly #redactor: Redactor
  readonly #line: ErrorLine
  readonly #failures: CallbackFailures<CoreCallback>
  readonly #frame: AnswerFrame
  readonly #preSerialization = new PreSerializationHooks()
  readonly #observers = new Set<FailureObserver>()
  /** The bodies of registered errors without details, which never change. */
  readonly #constants = new WeakMap<DefinedError, Body>()

  constructor(
    options: ResolvedScsOptions,
    redactor: Redactor,
    failures: CallbackFailures<CoreCallback>,
    problem: ErrorFormat,
    check?: FailureCheck,
  ) {
    this.#format = resolveErrorFormat(options.errorFormat, problem)
    this.#problem = problem
    this.#check = check
    this.#decorator = options.errorDecorator
    this.#redactor = redactor
    this.#line = new ErrorLine(redactor, failures)
    this.#failures = failures
    const isAllowed = createHeaderTest(options.errorHeaders)
    const headers = new ReplyHeaders()
    this.#frame = {
      isAllowed,
      setHeaders: (reply, thrown, status) => {
        if (headers.mayBeSet(reply)) dropPlannedHeaders(reply, status)
        setErrorHeaders(reply, thrown, isAllowed, status)
      },
      onFailure: (error, { request }) =>
        this.#log(error, request, 'an error answer was sent without the hooks'),
    }
  }

  /** Calls an observer with every further failure, before its answer is made; the returned function ends it. */
  observe(observer: FailureObserver): () => void {
    this.#observers.add(observer)
    return () => void this.#observers.delete(observer)
  }

  #observe(failure: Failure, request: FastifyRequest, reply: FastifyReply): Failure {
    let observed = failure
    for (const observer of this.#observers) {
      try {
        const errorId = observer(observed, request, reply)?.errorId
        if (errorId !== undefined) observed = withErrorId(observed, errorId)
      } catch (error) {
        this.#failures.note('failureObserver', error, request.log, 'the answer was made without it')
      }
    }
    return observed
  }

  /** Answers a request with a failure and logs it, once, whatever fails on the way. Never throws. */
  answer(classified: Failure, request: FastifyRequest, reply: FastifyReply): void {
    this.#answer(classified, request, reply, sendThroughHooks)
  }

  /** As `answer`, without the onSend hooks, which have run for the answer that failed; it is sent when this returns. */
  answerAtOnce(classified: Failure, request: FastifyRequest, reply: FastifyReply): void {
    this.#answer(classified, request, reply, sendWithoutHooks)
  }

  #answer(
    classified: Failure,
    request: FastifyRequest,
    reply: FastifyReply,
    send: typeof sendThroughHooks,
  ): void {
    const checked = this.#check === undefined ? classified : this.#check(classified, request)
    const failure = this.#observers.size === 0 ? checked : this.#observe(checked, request, reply)
    this.#line.write(failure, request, reply)
    if (failure.status >= 500) noteThrown(reply.raw, failure.thrown)
    if (reply.sent) return
    if (reply.raw.headersSent) {
      // The answer has begun: only a cut connection can show the client that it is incomplete.
      cutOff(reply)
      return
    }
    const { text, contentType, isJson } = this.#bodySafely(failure, request)
    const { status, errorId, isUpstream } = failure
    const isSerialized = isJson && this.#preSerialization.mayRun(request)
    const answer = { status, text, contentType, errorId, isSerialized }
    // The headers that another service has sent are not for our client.
    send(reply, answer, isUpstream ? undefined : failure.thrown, this.#frame)
  }

  /** Logs that a trailer is left out of an answer. */
  logTrailer(error: unknown, name: string, request: FastifyRequest): void {
    this.#log(error, request, `the trailer "${name}" was left out`)
  }

  /** Logs what the application's own code has done to an answer. Never throws. */
  #log(error: unknown, request: FastifyRequest, consequence: string): void {
    try {
      request.log.error({ err: errorForLog(error, this.#redactor) }, consequence)
    } catch {
      // The application's logger throws as well: there is nobody left to tell.
    }
  }

  #bodySafely(failure: Failure, request: FastifyRequest): Body {
    try {
      return this.#bodyOf(failure, request)
    } catch (error) {
      // A value of a format or a decorator that fails when it is copied or read.
      this.#failures.note('errorFormat', error, request.log, 'the scs format stood in')
      return this.#makeText(SCS_FORMAT, SCS_FORMAT.format(failure, request), true)
    }
  }

  #bodyOf(failure: Failure, request: FastifyRequest): Body {
    const format = acceptsOnlyProblem(request.headers.accept) ? this.#problem : this.#format
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
    if (this.#decorator !== undefined && isObject(body)) {
      body = this.#decorate(body as ErrorBody, failure, request)
      isPlain = false
    }
    return this.#makeText(format, body, isPlain)
  }

  #makeText({ contentType }: ErrorFormat, body: unknown, isPlain: boolean): Body {
    if (typeof body === 'string') return { text: body, contentType: TEXT_TYPE, isJson: false }
    const text = JSON.stringify(isPlain ? body : toJsonValue(body))
    return { text, contentType, isJson: true }
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
    try {
      const copy = { ...body }
      return refusePromise(this.#decorator?.(copy, failure, request)) ?? copy
    } catch (error) {
      this.#failures.note('errorDecorator', error, request.log, 'the body was sent undecorated')
      return body
    }
  }
}

/** Sets the headers of an error answer, after those of the planned body were removed. */
function setErrorHeaders(
  reply: FastifyReply,
  thrown: unknown,
  isAllowed: HeaderTest,
  status: number,
): void {
  dropTrailers(reply)
  reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff')
  takeErrorHeaders(thrown, isAllowed, reply, status)
}
