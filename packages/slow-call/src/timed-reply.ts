import type { ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import type { FastifyReply } from 'fastify'
import { type Call, callKey, type WatchedMessage, type WatchedResponse } from './call.js'

/**
 * Learns of the first byte: `writeHead` is what every answer passes, also a stream at its first chunk, and one that the
 * handler writes to `reply.raw` itself. One function for all requests, so that none costs a closure.
 */
export function watchFirstByte(raw: WatchedResponse, call: Call): void {
  raw[callKey] = call
  raw.writeHead = timedWriteHead as ServerResponse['writeHead']
}

// Three named parameters, since gathering them into a list for each request costs more than the rest of this function.
function timedWriteHead(
  this: WatchedResponse,
  statusCode: number,
  reason?: unknown,
  headers?: unknown,
): unknown {
  const call = this[callKey] as Call
  const writeHead = call.writeHead as (...args: unknown[]) => unknown
  const result = writeHead.call(this, statusCode, reason, headers)
  if (call.firstByteAt === 0) {
    call.firstByteAt = performance.now()
    call.listener.answered(call)
  }
  return result
}

/** Learns when a body has arrived in full; it is `listen`ed to only where a body may come. */
export function watchBodyEnd(message: WatchedMessage, call: Call): void {
  message[callKey] = call
  message.on('end', noteBodyEnd)
}

function noteBodyEnd(this: WatchedMessage): void {
  const call = this[callKey]
  if (call?.firstByteAt === 0) call.bodyEndAt = performance.now()
}

/** Learns when the handler hands its answer over. Put on a reply once its call has lasted for a while. */
export function watchSend(call: Call): void {
  if (call.isWatchedClosely) return
  call.isWatchedClosely = true
  const { reply } = call
  const { send } = reply
  reply.send = function timedSend(this: FastifyReply, payload?: unknown): FastifyReply {
    if (call.handledAt !== 0) return send.call(this, payload)
    call.handledAt = performance.now()
    call.isStream = isStream(payload)
    const result = send.call(this, payload)
    call.sentAt = performance.now()
    return result
  } as FastifyReply['send']
}

function isStream(payload: unknown): boolean {
  if (typeof payload !== 'object' || payload === null) return false
  // By its tag: asking for the class of it would load the built-in fetch, which puts a dispatcher in place for the process.
  return 'pipe' in payload || 'getReader' in payload || tagOf(payload) === '[object Response]'
}

function tagOf(payload: object): string {
  return Object.prototype.toString.call(payload)
}
