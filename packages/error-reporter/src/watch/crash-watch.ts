import { asErrorId, clientOf, errorForLog, HostLogging } from '@fastify-scs/core/kit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isResponse } from '../groups/error-traits.js'
import type { ReporterCallbackFailures } from '../options.js'
import type { Reporting } from '../report/reporting.js'
import { watchSocketHandlers } from './compat-websocket.js'
import {
  factsOfAnswer,
  factsOfFailure,
  readReturnedError,
  statusOfThrown,
} from './failed-answer.js'
import { CRASH, stateOf, THROWN } from './request-state.js'
import { watchStream } from './stream-watch.js'

const ID_HEADER = 'x-error-id'

/**
 * Sees every answer of 500 or above and every answer that breaks off, in every context. Core's observer sees the answers that core
 * makes, core's lifecycle shows the others. A good answer costs nothing here.
 */
export function watchCrashes(
  app: FastifyInstance,
  reporting: Reporting,
  failures: ReporterCallbackFailures,
): void {
  const { scs } = app
  const answers = new AnswerWatch(reporting)
  const endObserving = scs.observeFailures((failure, request, reply) => {
    if (failure.status < 500) return undefined
    const { thrown, errorId } = failure
    const isInterrupted = reply.raw.headersSent
    const answer = factsOfFailure(failure)
    const crash = reporting.seeCrash({ request, reply, thrown, answer, errorId, isInterrupted })
    return crash.errorId === undefined ? undefined : { errorId: crash.errorId }
  })
  app.addHook('onError', (request, reply, error, done) => {
    stateOf(request)[THROWN] = error
    // It is too late for an error answer: what was sent stays incomplete.
    if (reply.raw.headersSent) {
      const see = (): void => answers.seeBroken(request, reply, error)
      failures.guard('build', see, undefined, request.log, 'the answer is cut off anyway')
    }
    done()
  })
  const endWatching = scs.lifecycle.subscribe({
    onArrival: ({ request }) => {
      // A stream of HTTP/2 no longer has the client's address once it is closed, and an error may be reported after that.
      if (request.raw.httpVersionMajor === 2) clientOf(request)
    },
    onAnswer: (payload, reply) => {
      const see = (): unknown => answers.see(reply, payload)
      return guardPayload(failures, see, payload, reply)
    },
    onFailedHead: ({ request, reply }, status) => {
      // Answers that bypass the onSend hooks, and those whose status such a hook has changed. Fastify writes the headers that the
      // reply has by now, so these show the id as well.
      if (stateOf(request)[CRASH] !== undefined) return
      const see = (): void => void answers.seeReturned(reply, status, undefined)
      failures.guard('build', see, undefined, app.log, 'the answer is sent anyway')
    },
  })
  watchSocketHandlers(app, (error, request) => {
    const see = (): void => answers.seeBroken(request, null, error)
    failures.guard('build', see, undefined, request.log, 'the socket is ended anyway')
  })
  app.addHook('onClose', (_app, done) => {
    endObserving()
    endWatching()
    done()
  })
}

/** Not by `guard`, which refuses a promise: a payload may be anything. */
function guardPayload(
  failures: ReporterCallbackFailures,
  see: () => unknown,
  payload: unknown,
  reply: FastifyReply,
): unknown {
  try {
    return see()
  } catch (error) {
    failures.note('build', error, reply.log, 'the answer is sent anyway')
    return payload
  }
}

/** Sees the answers that core has not made. */
class AnswerWatch {
  readonly #reporting: Reporting
  readonly #hostLogging = new HostLogging()

  constructor(reporting: Reporting) {
    this.#reporting = reporting
  }

  /** Looks at an answer that is a stream or a 5xx, and returns the payload to send. */
  see(reply: FastifyReply, payload: unknown): unknown {
    const { request } = reply
    const isObject = typeof payload === 'object' && payload !== null
    const status = isObject && isResponse(payload) ? payload.status : reply.raw.statusCode
    const isNew = status >= 500 && stateOf(request)[CRASH] === undefined
    const sent = isNew ? this.seeReturned(reply, status, payload) : payload
    if (typeof sent === 'object' && sent !== null && !Buffer.isBuffer(sent)) {
      watchStream(sent, reply, (error) => this.seeBroken(request, reply, error))
    }
    return sent
  }

  /** A 5xx that was merely returned, or made by another error handler; returns the payload to send. */
  seeReturned(reply: FastifyReply, status: number, payload: unknown): unknown {
    const { request } = reply
    const returned = readReturnedError(payload)
    const thrown = stateOf(request)[THROWN] ?? undefined
    const header = isResponse(payload) ? payload.headers.get(ID_HEADER) : reply.getHeader(ID_HEADER)
    const answer = factsOfAnswer(status, thrown, returned)
    const known = returned.errorId ?? asErrorId(header)
    const failed = { request, reply, thrown, answer, errorId: known, isInterrupted: false }
    const { errorId } = this.#reporting.seeCrash(failed)
    if (errorId === undefined) return payload
    if (!this.#hostLogging.isDisabled(request)) logAnswer(request, thrown, status, errorId)
    if (reply.raw.headersSent) return payload
    reply.header(ID_HEADER, errorId)
    return returned.open === undefined
      ? payload
      : JSON.stringify({ ...returned.open, error_id: errorId })
  }

  /** An answer that has begun and is cut off, or a WebSocket, which has no reply. */
  seeBroken(request: FastifyRequest, reply: FastifyReply | null, thrown: unknown): void {
    const status = statusOfThrown(thrown)
    if (status < 500) return
    const answer = factsOfAnswer(status, thrown, undefined)
    const errorId = undefined
    this.#reporting.seeCrash({ request, reply, thrown, answer, errorId, isInterrupted: true })
  }
}

/** Core logs the answers that it makes; this line is for the others, so that every error id is in the log, if requests are logged. */
function logAnswer(
  request: FastifyRequest,
  thrown: unknown,
  status: number,
  errorId: string,
): void {
  const err = thrown === undefined ? undefined : errorForLog(thrown, request.server.scs.redactor)
  request.log.error({ status, errorId, err }, err?.message ?? `answered ${status}`)
}
