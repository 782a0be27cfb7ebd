import { performance } from 'node:perf_hooks'
import { asErrorId, clientOf, errorForLog, HostLogging } from '@fastify-scs/core/kit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isResponse } from './groups/error-traits.js'
import type { ReporterCallbackFailures } from './options.js'
import type { Reporting } from './report/reporting.js'
import { CRASH, decorateRequests, STARTED_AT, stateOf, THROWN } from './request-state.js'
import { watchStream } from './stream-watch.js'
import {
  factsOfAnswer,
  factsOfFailure,
  readReturnedError,
  statusOfThrown,
} from './watch/failed-answer.js'

const ID_HEADER = 'x-error-id'
const REPLY_OF: unique symbol = Symbol('@fastify-scs/error-reporter/reply-of')

type WatchedResponse = FastifyReply['raw'] & { [REPLY_OF]?: FastifyReply }

/**
 * Sees every answer of 500 or above and every answer that breaks off, in every context. Core's observer sees what core
 * answers; the hooks see the rest. On the way of a good answer they compare two numbers and allocate nothing.
 */
export function watchCrashes(
  app: FastifyInstance,
  reporting: Reporting,
  failures: ReporterCallbackFailures,
): void {
  decorateRequests(app)
  const hostLogging = new HostLogging()
  const end = app.scs.observeFailures((failure, request, reply) => {
    if (failure.status < 500) return undefined
    const { thrown, errorId } = failure
    const isInterrupted = reply.raw.headersSent
    const answer = factsOfFailure(failure)
    const crash = reporting.seeCrash({ request, reply, thrown, answer, errorId, isInterrupted })
    return crash.errorId === undefined ? undefined : { errorId: crash.errorId }
  })
  app.addHook('onError', (request, reply, error, done) => {
    stateOf(request)[THROWN] = error
    // Nobody can answer any more: what was sent stays half.
    if (reply.raw.headersSent) {
      try {
        seeBrokenAnswer(reporting, request, reply, error)
      } catch (failure) {
        failures.note('build', failure, request.log, 'the answer is cut off all the same')
      }
    }
    done()
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    const isPlain = typeof payload !== 'object' || payload === null
    if (isPlain && reply.raw.statusCode < 500) {
      done()
      return
    }
    let sent = payload
    try {
      sent = seeAnswer(reporting, hostLogging, request, reply, payload)
    } catch (error) {
      failures.note('build', error, request.log, 'the answer is sent all the same')
    }
    // Outside of the try: what fails behind it is the answer's own.
    done(null, sent)
  })
  watchEnd(app, (request, reply) => {
    // Answers past the onSend hooks, and those whose status a later hook has changed.
    if (stateOf(request)[CRASH] !== null) return
    const see = (): void =>
      void seeReturned(reporting, hostLogging, request, reply, reply.raw.statusCode, undefined)
    // Here nobody else would catch what a logger throws.
    failures.guard('build', see, undefined, app.log, 'the answer is sent all the same')
  })
  app.addHook('onClose', (_app, done) => {
    end()
    done()
  })
}

/**
 * Tells of answers of 500 or above when they have been sent. An onResponse hook would do as well, but makes Fastify add two
 * listeners and a closure to each response.
 */
function watchEnd(
  app: FastifyInstance,
  see: (request: FastifyRequest, reply: FastifyReply) => void,
): void {
  function onFinish(this: WatchedResponse): void {
    const reply = this[REPLY_OF]
    if (this.statusCode >= 500 && reply !== undefined) see(reply.request, reply)
  }
  app.addHook('onRequest', (request, reply, done) => {
    stateOf(request)[STARTED_AT] = performance.now()
    // A stream of HTTP/2 tells no address from its end on, and an answer past Fastify is seen then.
    if (request.raw.httpVersionMajor === 2) clientOf(request)
    const raw: WatchedResponse = reply.raw
    raw[REPLY_OF] = reply
    raw.on('finish', onFinish)
    done()
  })
}

/** Looks at an answer that is a stream or a 5xx, and returns the payload to send. */
function seeAnswer(
  reporting: Reporting,
  hostLogging: HostLogging,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): unknown {
  const isObject = typeof payload === 'object' && payload !== null
  const status = isObject && isResponse(payload) ? payload.status : reply.raw.statusCode
  const isNew = status >= 500 && stateOf(request)[CRASH] === null
  const sent = isNew
    ? seeReturned(reporting, hostLogging, request, reply, status, payload)
    : payload
  if (typeof sent === 'object' && sent !== null && !Buffer.isBuffer(sent)) {
    watchStream(sent, reply, (error) => seeBrokenAnswer(reporting, request, reply, error))
  }
  return sent
}

/** A 5xx that core has not answered: merely returned, or made by another error handler. */
function seeReturned(
  reporting: Reporting,
  hostLogging: HostLogging,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  payload: unknown,
): unknown {
  const returned = readReturnedError(payload)
  const thrown = stateOf(request)[THROWN] ?? undefined
  const header = isResponse(payload) ? payload.headers.get(ID_HEADER) : reply.getHeader(ID_HEADER)
  const answer = factsOfAnswer(status, thrown, returned)
  const known = returned.errorId ?? asErrorId(header)
  const sighting = { request, reply, thrown, answer, errorId: known, isInterrupted: false }
  const { errorId } = reporting.seeCrash(sighting)
  if (errorId === undefined) return payload
  if (!hostLogging.isDisabled(request)) logAnswer(request, thrown, status, errorId)
  if (reply.raw.headersSent) return payload
  reply.header(ID_HEADER, errorId)
  return returned.open === undefined
    ? payload
    : JSON.stringify({ ...returned.open, error_id: errorId })
}

function seeBrokenAnswer(
  reporting: Reporting,
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
): void {
  const status = statusOfThrown(error)
  if (status < 500) return
  const answer = factsOfAnswer(status, error, undefined)
  const thrown = error
  reporting.seeCrash({ request, reply, thrown, answer, errorId: undefined, isInterrupted: true })
}

/** Core logs what it answers; this line is for the others, so that every error id is in a log that has lines of requests. */
function logAnswer(
  request: FastifyRequest,
  thrown: unknown,
  status: number,
  errorId: string,
): void {
  const err = thrown === undefined ? undefined : errorForLog(thrown, request.server.scs.redactor)
  request.log.error({ status, errorId, err }, err?.message ?? `answered ${status}`)
}
