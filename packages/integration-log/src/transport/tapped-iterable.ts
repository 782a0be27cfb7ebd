import type { Exchange } from './exchange.js'

type Chunks = AsyncIterable<unknown>

/**
 * Whether a body is an asynchronous iterable and nothing more, as the body of every fetch is. A stream is not: undici treats it
 * by its events.
 */
export function isPlainIterable(body: unknown): body is Chunks {
  if (typeof body !== 'object' || body === null || !(Symbol.asyncIterator in body)) return false
  return !('pipe' in body) && !('getReader' in body) && !('stream' in body)
}

/** The same chunks at the same pace, told to the exchange as they pass. */
export function tappedIterable(body: Chunks, exchange: Exchange): Chunks {
  return {
    [Symbol.asyncIterator]: () => {
      const chunks = body[Symbol.asyncIterator]()
      const end = chunks.return?.bind(chunks)
      return {
        next: async () => {
          const step = await chunks.next()
          tell(exchange, step)
          return step
        },
        ...(end === undefined ? undefined : { return: end }),
      }
    },
  }
}

function tell(exchange: Exchange, step: IteratorResult<unknown>): void {
  if (step.done === true) exchange.requestSent()
  else if (typeof step.value === 'string' || step.value instanceof Uint8Array) {
    exchange.chunkSent(step.value)
  }
}
