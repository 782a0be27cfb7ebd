import type { FastifyReply } from 'fastify'
import type { ApiParts } from '../api/parts.js'
import { ClientLeftError } from '../api/refusals.js'
import type { Read } from './query-gate.js'
import type { FindPage } from './record-pager.js'
import { StoreReader } from './store-reader.js'

/** Aborted once a client is gone, or has its whole answer. */
export function leavingSignal(reply: FastifyReply): AbortSignal {
  const leaving = new AbortController()
  reply.raw.once('close', () => leaving.abort(new ClientLeftError('The client has left')))
  return leaving.signal
}

/** Runs the queries of one call, each in its turn; a client that leaves gives its place up. */
export function readerFor(
  { gate, store }: Pick<ApiParts, 'gate' | 'store'>,
  reply: FastifyReply,
  isPatient = false,
): Read {
  const signal = leavingSignal(reply)
  return (query) => gate.run(() => query(store), { signal, isPatient })
}

/** Reads the store for one call. */
export function storeReaderFor(
  parts: Pick<ApiParts, 'gate' | 'store' | 'pager'>,
  reply: FastifyReply,
): StoreReader {
  return new StoreReader(readerFor(parts, reply), parts.pager)
}

/** Finds the pages of records of one call. */
export function finderFor(
  parts: Pick<ApiParts, 'gate' | 'store' | 'pager'>,
  reply: FastifyReply,
): FindPage {
  return parts.pager.finder(readerFor(parts, reply))
}
