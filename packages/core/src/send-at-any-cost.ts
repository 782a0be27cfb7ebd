import { constants } from 'node:http2'
import type { FastifyReply } from 'fastify'
import { type HeaderTest, headerNamesOf } from './errors/error-headers.js'
import { toJsonValue } from './json-value.js'
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
  /** What an error's own headers may set. */
  readonly isAllowed: HeaderTest
  /** Makes the reply's headers ready, before each attempt. */
  readonly setHeaders: () => void
  /** Told of what failed while the answer was sent, where nobody else tells it. */
  readonly onFailure: (error: unknown) => void
}

/**
 * Sends an error answer through the host's hooks. Whatever fails on the way, the body that was made is sent past the
 * hooks, or the connection is cut when an answer has begun: the request is never left without an end. Never throws.
 */
export function sendAtAnyCost(reply: FastifyReply, answer: ErrorAnswer): void {
  const { send } = reply
  let isSerializing = answer.isSerialized
  // If a hook fails, Fastify would answer with an error body of its own, the hook's message in it. It sends that here.
  const sendInstead = (error?: unknown): FastifyReply => {
    if (reply.sent) {
      reply.send = send
      return send.call(reply, answer.text)
    }
    dropHeadersOf(error, reply, answer.isAllowed)
    if (isSerializing) {
      isSerializing = false
      attempt(answer.text)
      return reply
    }
    reply.send = send
    sendPastHooks(reply, answer)
    return reply
  }
  const attempt = (payload: unknown): void => {
    try {
      answer.setHeaders()
      setHead(reply, answer)
      reply.serializer((isSerializing ? serialize : null) as (payload: unknown) => string)
      reply.send = sendInstead
      send.call(reply, payload)
    } catch (error) {
      answer.onFailure(error)
      sendInstead(error)
    }
  }
  const serialize = (payload: unknown): string => {
    const text = JSON.stringify(toJsonValue(payload))
    // What the hooks have done to the head is undone: the body is an error still.
    answer.setHeaders()
    setHead(reply, answer)
    isSerializing = false
    return text
  }
  attempt(isSerializing ? JSON.parse(answer.text) : answer.text)
}

/** Sends an error answer on the raw response, with the headers that are set so far and can be sent. Never throws. */
export function sendPastHooks(reply: FastifyReply, answer: ErrorAnswer): void {
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
