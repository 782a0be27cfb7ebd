import { constants } from 'node:http2'
import type { FastifyReply } from 'fastify'
import { toJsonValue } from '../json-value.js'
import { markUnderWay } from './answer-under-way.js'
import { type HeaderTest, headerNamesOf } from './error-headers.js'
import { isHttp2Reply } from './planned-headers.js'
import { isSendable } from './sendable-header.js'

/** An error answer, ready to be sent. */
export interface ErrorAnswer {
  readonly status: number
  readonly text: string
  readonly contentType: string
  readonly errorId: string | undefined
  /** Whether the host's preSerialization hooks see the body. */
  readonly isSerialized: boolean
}

/** What goes with every error answer of an app. */
export interface AnswerFrame {
  /** What an error's own headers may set. */
  readonly isAllowed: HeaderTest
  /** Makes the reply's headers ready, before each attempt; what was thrown may bring some. */
  readonly setHeaders: (reply: FastifyReply, thrown: unknown) => void
  /** Told of what failed while an answer was sent, where nobody else tells it. */
  readonly onFailure: (error: unknown, reply: FastifyReply) => void
}

/**
 * Sends an error answer through the host's hooks. Whatever fails on the way, the body that was made is sent past the
 * hooks, or the connection is cut when an answer has begun: the request is never left without an end. Never throws.
 */
export function sendAtAnyCost(
  reply: FastifyReply,
  answer: ErrorAnswer,
  thrown: unknown,
  frame: AnswerFrame,
): void {
  new Sending(reply, answer, thrown, frame).begin()
}

/** Sends an error answer past the host's hooks; it is sent, or the connection cut, when this returns. Never throws. */
export function sendAtOnce(
  reply: FastifyReply,
  answer: ErrorAnswer,
  thrown: unknown,
  frame: AnswerFrame,
): void {
  try {
    frame.setHeaders(reply, thrown)
  } catch (error) {
    frame.onFailure(error, reply)
  }
  sendPastHooks(reply, answer)
}

class Sending {
  readonly #reply: FastifyReply
  readonly #answer: ErrorAnswer
  readonly #thrown: unknown
  readonly #frame: AnswerFrame
  readonly #send: FastifyReply['send']
  #isSerializing: boolean

  constructor(reply: FastifyReply, answer: ErrorAnswer, thrown: unknown, frame: AnswerFrame) {
    this.#reply = reply
    this.#answer = answer
    this.#thrown = thrown
    this.#frame = frame
    this.#send = reply.send
    this.#isSerializing = answer.isSerialized
  }

  begin(): void {
    const { text } = this.#answer
    this.#attempt(this.#isSerializing ? JSON.parse(text) : text)
  }

  #attempt(payload: unknown): void {
    const reply = this.#reply
    try {
      this.#setHead()
      const serialize = this.#isSerializing ? (body: unknown) => this.#serialize(body) : null
      reply.serializer(serialize as (payload: unknown) => string)
      // If a hook fails, Fastify would answer with an error body of its own, the hook's message in it. It sends that here.
      markUnderWay(reply)
      reply.send = (error) => this.#sendInstead(error)
      this.#send.call(reply, payload)
    } catch (error) {
      this.#frame.onFailure(error, reply)
      this.#sendInstead(error)
    }
  }

  #setHead(): void {
    this.#frame.setHeaders(this.#reply, this.#thrown)
    setHead(this.#reply, this.#answer)
  }

  /** What the hooks have done to the head is undone: the body is an error still. */
  #serialize(payload: unknown): string {
    const text = JSON.stringify(toJsonValue(payload))
    this.#setHead()
    this.#isSerializing = false
    return text
  }

  #sendInstead(error: unknown): FastifyReply {
    const reply = this.#reply
    if (!reply.sent) {
      dropHeadersOf(error, reply, this.#frame.isAllowed)
      if (this.#isSerializing) {
        this.#isSerializing = false
        this.#attempt(this.#answer.text)
        return reply
      }
      reply.send = this.#send
      sendPastHooks(reply, this.#answer)
      return reply
    }
    reply.send = this.#send
    return this.#send.call(reply, this.#answer.text)
  }
}

/** Sends an error answer on the raw response, with the headers that are set so far and can be sent. Never throws. */
function sendPastHooks(reply: FastifyReply, answer: ErrorAnswer): void {
  const { raw } = reply
  try {
    reply.hijack()
    if (raw.headersSent) {
      cutOff(reply)
      return
    }
    writeHead(reply, answer)
    raw.end(reply.request.method === 'HEAD' ? undefined : answer.text)
  } catch {
    cutOff(reply)
  }
}

/** Ends an answer that has begun or cannot begin, so that its client sees that it is not whole. */
export function cutOff(reply: FastifyReply): void {
  const { raw } = reply
  // Over HTTP/2 `destroy` would end the stream as if nothing had gone wrong.
  if (isHttp2Reply(reply) && 'stream' in raw) {
    const { stream } = raw as { stream?: { close(code: number): void } }
    stream?.close(constants.NGHTTP2_INTERNAL_ERROR)
  } else {
    raw.destroy()
  }
}

function setHead(reply: FastifyReply, { status, contentType, errorId }: ErrorAnswer): void {
  reply.code(status).header('content-type', contentType)
  if (errorId !== undefined) reply.header('x-error-id', errorId)
  forgetPlannedStatus(reply)
}

/** A planned status leaves more behind in Node's response than its number. */
function forgetPlannedStatus(reply: FastifyReply): void {
  if (isHttp2Reply(reply)) return
  const raw = reply.raw as FastifyReply['raw'] & { _hasBody?: boolean }
  if (raw.statusMessage) raw.statusMessage = ''
  // Once writeHead has been called with 204 or 304, Node leaves the body out, though the call has failed.
  if (raw._hasBody === false && reply.request.method !== 'HEAD') raw._hasBody = true
}

/** Fastify's default handler has set the headers of the second error, which are not ours to send. */
function dropHeadersOf(error: unknown, reply: FastifyReply, isAllowed: HeaderTest): void {
  for (const name of headerNamesOf(error)) if (!isAllowed(name)) reply.removeHeader(name)
}

function writeHead(reply: FastifyReply, answer: ErrorAnswer): void {
  const { raw } = reply
  const { status, text, contentType, errorId } = answer
  const isHttp2 = isHttp2Reply(reply)
  forgetPlannedStatus(reply)
  const own = {
    'content-type': contentType,
    'content-length': Buffer.byteLength(text),
    ...(errorId === undefined ? {} : { 'x-error-id': errorId }),
  }
  try {
    const headers: Readonly<Record<string, unknown>> = reply.getHeaders()
    for (const name of Object.keys(headers)) {
      const value = headers[name] as string
      if (!isFraming(name) && isSendable(name, value, isHttp2)) raw.setHeader(name, value)
      else if (raw.hasHeader(name)) raw.removeHeader(name)
    }
    raw.writeHead(status, own)
  } catch (error) {
    if (raw.headersSent) throw error
    // What still cannot be sent is not known by name: the answer goes with its own headers only.
    for (const name of raw.getHeaderNames()) raw.removeHeader(name)
    raw.writeHead(status, {
      ...own,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
  }
}

/** A hook may have planned for trailers or for another coding of the body. */
function isFraming(name: string): boolean {
  return (
    name === 'transfer-encoding' ||
    name === 'trailer' ||
    name === 'content-encoding' ||
    name === 'content-length' ||
    name === 'content-range'
  )
}
