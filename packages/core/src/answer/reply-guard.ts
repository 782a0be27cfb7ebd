import { validateHeaderName } from 'node:http'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { isObject, isThenable } from '../kit/unknown-value.js'
import { readField } from '../thrown/error-object.js'
import { overrideReplyMethod } from './compat-fastify.js'
import { cutOff, isUnderWay } from './guaranteed-send.js'
import { isHttp2Reply, isSendable } from './headers.js'

/** Gets what would otherwise be thrown where nobody catches it. */
export interface RefusalListener {
  /** The head, or a chunk of a web stream, cannot be written; the listener has to end the request. */
  readonly onWriteError: (error: unknown, reply: FastifyReply) => void
  /** The value of a trailer cannot be sent; the answer is sent without it. */
  readonly onTrailer: (error: unknown, name: string, reply: FastifyReply) => void
  /** Node refused the head of an answer that an onSend hook had delayed; the listener has to end the request at once. */
  readonly onHeadError: (error: unknown, reply: FastifyReply) => void
  /** Gets each payload with an `error` that is text; returns true when it has answered the request itself. */
  readonly onErrorPayload: ((payload: object, reply: FastifyReply) => boolean) | undefined
  /** Told of each payload that is sent by somebody else than core. */
  readonly onSending: (payload: unknown, isStream: boolean, reply: FastifyReply) => void
}

type Send = (this: FastifyReply, payload?: unknown) => FastifyReply
type Trailer = (this: FastifyReply, name: string, give: TrailerGiver) => FastifyReply
type TrailerDone = (error: unknown, value?: string) => void
type TrailerGiver = (reply: FastifyReply, payload: unknown, done: TrailerDone) => unknown

const TRAILERS: unique symbol = Symbol('@fastify-scs/core/trailers')

/**
 * Catches what Fastify does not: it writes the chunks of a stream and adds trailers from events of the stream and from later
 * ticks, where an exception ends the process. `send` and `trailer` are overridden on the app's own class of replies, so a request
 * that has neither stream nor trailer costs one call and no allocation.
 */
export function guardReplies(app: FastifyInstance, listener: RefusalListener): void {
  let send: Send | undefined
  let trailer: Trailer | undefined
  const guardedSend: Send = function (payload) {
    send ??= sendBehind(this)
    let isStream = false
    if (isObject(payload)) {
      try {
        if (
          typeof (payload as { error?: unknown }).error === 'string' &&
          listener.onErrorPayload?.(payload, this) === true
        )
          return this
        isStream = guardStream(this, payload, listener)
      } catch {
        // A getter or a Proxy trap threw: Fastify meets it too, or has no need to look.
      }
    }
    // The answer is an error already: whoever sends it handles its failures.
    if (isUnderWay(this)) return guardLateHead(send.call(this, payload), listener)
    listener.onSending(payload, isStream, this)
    try {
      return guardLateHead(send.call(this, payload), listener)
    } catch (error) {
      if (isMisuse(error)) throw error
      return sendError(this, error, send, listener)
    }
  }
  const guardedTrailer: Trailer = function (name, give) {
    trailer ??= trailerBehind(this)
    // Fastify refuses what is not a function, with its own error.
    if (typeof give !== 'function') return trailer.call(this, name, give)
    validateHeaderName(name)
    const { [TRAILERS]: names = [] } = this as { [TRAILERS]?: string[] }
    Object.assign(this, { [TRAILERS]: [...names, name] })
    return trailer.call(this, name, guardTrailer(name, give, listener))
  }
  const sendBehind = overrideReplyMethod(app, 'send', guardedSend)
  const trailerBehind = overrideReplyMethod(app, 'trailer', guardedTrailer)
}

/** Whether `reply.send` was called in an onError hook, which Fastify forbids. */
function isMisuse(error: unknown): boolean {
  return isObject(error) && readField(error, 'code') === 'FST_ERR_SEND_INSIDE_ONERR'
}

/**
 * Answers the request with what `reply.send` has thrown, as Fastify does where a handler throws it. Where a handler calls `send` from a
 * callback or a timer, nobody catches it, and it would end the process.
 */
function sendError(
  reply: FastifyReply,
  error: unknown,
  send: Send,
  listener: RefusalListener,
): FastifyReply {
  try {
    if (error instanceof Error) return send.call(reply, error)
  } catch {
    // The error handler of the context has failed in the same way, or a Proxy trap threw.
  }
  listener.onWriteError(error, reply)
  return reply
}

const HEAD_GUARDED: unique symbol = Symbol('@fastify-scs/core/head-guarded')
const WRITES_GUARDED: unique symbol = Symbol('@fastify-scs/core/writes-guarded')

interface GuardedResponse {
  writeHead: unknown
  write: unknown
  end: unknown
  [HEAD_GUARDED]?: boolean
  [WRITES_GUARDED]?: boolean
}

/**
 * Guards the head of an answer that `reply.send` has not sent yet, because an onSend hook is still running: where a hook calls back
 * from a timer, nobody catches what Node throws for a header. Answers that are sent at once cost one comparison.
 */
function guardLateHead(reply: FastifyReply, listener: RefusalListener): FastifyReply {
  // The chunks of a stream have a guard of their own, and its head is written with the first.
  if (reply.raw.headersSent || reply.sent) return reply
  const raw = reply.raw as unknown as GuardedResponse
  if (raw[HEAD_GUARDED] === true || raw[WRITES_GUARDED] === true) return reply
  raw[HEAD_GUARDED] = true
  const writeHead = raw.writeHead as (...args: unknown[]) => unknown
  let isRefused = false
  raw.writeHead = (...args: unknown[]): unknown => {
    try {
      return writeHead.apply(raw, args)
    } catch (error) {
      // The answer that was sent instead is refused as well, or the head was written twice.
      if (isRefused || reply.raw.headersSent) throw error
      isRefused = true
      listener.onHeadError(error, reply)
      // Fastify still writes the body that was planned.
      raw.write = () => true
      raw.end = () => raw
      return raw
    }
  }
  return reply
}

/** Removes the trailers of the planned answer. */
export function dropTrailers(reply: FastifyReply): void {
  const { [TRAILERS]: names } = reply as { [TRAILERS]?: readonly string[] }
  if (names !== undefined) for (const name of names) reply.removeTrailer(name)
}

interface StreamLike {
  readonly pipe?: unknown
  readonly getReader?: unknown
  readonly bodyUsed?: unknown
  destroy?(error: Error): void
}

/** Returns whether the payload is a stream. */
function guardStream(reply: FastifyReply, payload: StreamLike, listener: RefusalListener): boolean {
  if (typeof payload.pipe === 'function' && typeof payload.destroy === 'function') {
    guardWrites(reply, (error) => payload.destroy?.(error))
  } else if (typeof payload.getReader === 'function' || typeof payload.bodyUsed === 'boolean') {
    guardWrites(reply, (error) => listener.onWriteError(error, reply))
  } else {
    return false
  }
  return true
}

/** Guards `write`. The head of a streamed answer is written with its first chunk, so a wrong status is caught here as well. */
function guardWrites(reply: FastifyReply, refuse: (error: Error) => void): void {
  const { raw } = reply
  const write = raw.write as (...args: unknown[]) => boolean
  let isRefused = false
  const guardedWrite = (chunk: unknown, ...rest: unknown[]): boolean => {
    try {
      return write.call(raw, chunk, ...rest)
    } catch (error) {
      // A source that is not destroyed at once may write on.
      if (isRefused) return false
      isRefused = true
      // Read before `refuse`, which may answer at once.
      const hasBegun = raw.headersSent
      refuse(error as Error)
      if (hasBegun) cutOff(reply)
      return false
    }
  }
  raw.write = guardedWrite as typeof raw.write
  Object.assign(raw, { [WRITES_GUARDED]: true })
  if (isHttp2Reply(reply)) cutWhenDestroyed(reply)
}

/** Fastify destroys the answer when its stream fails midway; over HTTP/2 that would look like a regular end. */
function cutWhenDestroyed(reply: FastifyReply): void {
  const { raw } = reply
  raw.destroy = () => {
    if (!raw.writableEnded) cutOff(reply)
    return raw
  }
}

function guardTrailer(name: string, give: TrailerGiver, listener: RefusalListener): TrailerGiver {
  return (reply, payload, done) => {
    const finish = (error: unknown, value?: string): void => {
      const refusal =
        error ??
        (isSendable(name, value, isHttp2Reply(reply))
          ? undefined
          : new TypeError('its value cannot be sent'))
      if (refusal === undefined) {
        done(null, value)
      } else {
        listener.onTrailer(refusal, name, reply)
        // Fastify logs this one: the refusal itself may be any value.
        done(new TypeError(`the trailer ${name} was left out`))
      }
    }
    const fail = (reason: unknown): void =>
      finish(reason ?? new TypeError('it failed without an error'))
    try {
      const result = give.call(reply, reply, payload, finish)
      if (isThenable(result)) result.then((value) => finish(null, value as string), fail)
      // The function takes no callback and returned no promise: the trailer would be waited for without end.
      else if (give.length < 3) fail(new TypeError('its function returned no promise'))
    } catch (error) {
      fail(error)
    }
  }
}
