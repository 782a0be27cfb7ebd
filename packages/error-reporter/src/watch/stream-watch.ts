import type { FastifyReply } from 'fastify'
import { isResponse } from '../groups/error-traits.js'

/** Called when a stream has failed after the answer had begun. */
export type StreamFailureListener = (error: unknown) => void

interface NodeStream {
  on(event: 'error', listener: (error: unknown) => void): unknown
}

/**
 * Listens to the stream of an answer. A failure before the first byte reaches Fastify's error handler and is ignored
 * here; one after it only cuts the connection, and no hook of Fastify sees it.
 */
export function watchStream(
  payload: object,
  reply: FastifyReply,
  onFailure: StreamFailureListener,
): void {
  const onError = (error: unknown): void => {
    if (reply.raw.headersSent && !reply.raw.writableEnded) onFailure(error)
  }
  if ('pipe' in payload && 'on' in payload) {
    ;(payload as NodeStream).on('error', onError)
  } else {
    // Not by `instanceof`: it would load Node's own fetch, and knows no other copy of undici.
    const stream = isResponse(payload) ? payload.body : payload
    if (stream === null || !isWebStream(stream)) return
    watchReader(stream, onError)
  }
  watchTimeout(reply, onFailure)
}

/** What Fastify sends as a web stream. */
function isWebStream(payload: object): payload is ReadableStream {
  return 'getReader' in payload && typeof payload.getReader === 'function'
}

/** A web stream has no events: whether it fails is known by the reader that Fastify is about to get. */
function watchReader(stream: ReadableStream, onError: StreamFailureListener): void {
  const getReader = stream.getReader
  Object.defineProperty(stream, 'getReader', {
    configurable: true,
    value: (...args: []) => {
      const reader = Reflect.apply(getReader, stream, args)
      reader.closed.catch(onError)
      return reader
    },
  })
}

/** A handler that times out while its answer is on the way makes Fastify destroy the response with the error. */
function watchTimeout(reply: FastifyReply, onFailure: StreamFailureListener): void {
  reply.raw.once('close', () => {
    const { errored } = reply.raw as { errored?: { code?: unknown } | null }
    if (errored?.code === 'FST_ERR_HANDLER_TIMEOUT') onFailure(errored)
  })
}
