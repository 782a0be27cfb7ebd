import { constants } from 'node:http2'
import type { FastifyReply } from 'fastify'
import { toJsonValue } from '../json/to-json-value.js'
import { allowBody } from './compat-node.js'
import {
  type HeaderTest,
  headerNamesOf,
  isHttp2Reply,
  isSendable,
  tellsOfRange,
} from './headers.js'

/** An error answer, ready to be sent. */
export interface ErrorAnswer {
  readonly status: number
  readonly text: string
  readonly contentType: string
  readonly errorId: string | undefined
  /** Whether preSerialization hooks of the application see the body. */
  readonly isSerialized: boolean
}

/** What all error answers of an app have in common. */
export interface AnswerFrame {
  /** Which headers an error may set by its own `headers`. */
  readonly isAllowed: HeaderTest
  /** Prepares the reply's headers before each attempt, for an answer with this status; what was thrown may set some. */
  readonly setHeaders: (reply: FastifyReply, thrown: unknown, status: number) => void
  /** Gets what failed while an answer was sent, where nobody else logs it. */
  readonly onFailure: (error: unknown, reply: FastifyReply) => void
}

// An own `send` of the reply would not do as the mark: tracers set one as well.
const UNDER_WAY: unique symbol = Symbol('@fastify-scs/core/answer-under-way')

type MarkedReply = FastifyReply & { [UNDER_WAY]?: true }

function markUnderWay(reply: MarkedReply): void {
  reply[UNDER_WAY] = true
}

/** Whether core is sending an error answer on a reply already; it handles whatever fails on the way. */
export function isUnderWay(reply: MarkedReply): boolean {
  return reply[UNDER_WAY] === true
}

/**
 * Sends an error answer through the application's hooks. When something fails on the way, the body is sent without the hooks, or
 * the connection is cut where an answer has begun: the request always ends. Never throws.
 */
export function sendThroughHooks(
  reply: FastifyReply,
  answer: ErrorAnswer,
  thrown: unknown,
  frame: AnswerFrame,
): void {
  new HookedSend(reply, answer, thrown, frame).begin()
}

/** Sends an error answer without the application's hooks: when this returns, it is sent or the connection is cut. Never throws. */
export function sendWithoutHooks(
  reply: FastifyReply,
  answer: ErrorAnswer,
  thrown: unknown,
  frame: AnswerFrame,
): void {
  try {
    frame.setHeaders(reply, thrown, answer.status)
  } catch (error) {
    frame.onFailure(error, reply)
  }
  sendRaw(reply, answer)
}

class HookedSend {
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
      // If a hook fails, Fastify would send an error body of its own, with the hook's message. This is where it sends it.
      markUnderWay(reply)
      reply.send = (error) => this.#sendInstead(error)
      this.#send.call(reply, payload)
    } catch (error) {
      this.#frame.onFailure(error, reply)
      this.#sendInstead(error)
    }
  }

  #setHead(): void {
    this.#frame.setHeaders(this.#reply, this.#thrown, this.#answer.status)
    setHead(this.#reply, this.#answer)
  }

  /** Undoes what the hooks have done to the head: the body is an error still. */
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
      sendRaw(reply, this.#answer)
      return reply
    }
    reply.send = this.#send
    return this.#send.call(reply, this.#answer.text)
  }
}

/** Writes an error answer to the raw response, with the headers that are set so far and can be sent. Never throws. */
function sendRaw(reply: FastifyReply, answer: ErrorAnswer): void {
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

/** Ends an answer that has begun, or cannot begin, so that the client sees that it is incomplete. */
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

/** Removes what else the planned status has left in Node's response: its message, and that it has no body. */
function forgetPlannedStatus(reply: FastifyReply): void {
  if (isHttp2Reply(reply)) return
  const { raw, request } = reply
  if (raw.statusMessage) raw.statusMessage = ''
  if (request.method !== 'HEAD') allowBody(raw)
}

/** Removes the headers of a second error, which Fastify's default handler has set. */
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
      const isKept = !isFraming(name) || tellsOfRange(name, status)
      if (isKept && isSendable(name, value, isHttp2)) raw.setHeader(name, value)
      else if (raw.hasHeader(name)) raw.removeHeader(name)
    }
    raw.writeHead(status, own)
  } catch (error) {
    if (raw.headersSent) throw error
    // Which header Node refuses is not known: the answer is sent with its own headers only.
    for (const name of raw.getHeaderNames()) raw.removeHeader(name)
    raw.writeHead(status, {
      ...own,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
  }
}

/** Whether a header is about trailers, the length or the coding of the body, which a hook may have set for another body. */
function isFraming(name: string): boolean {
  return (
    name === 'transfer-encoding' ||
    name === 'trailer' ||
    name === 'content-encoding' ||
    name === 'content-length' ||
    name === 'content-range'
  )
}
