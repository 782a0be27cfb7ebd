import { show } from '@fastify-scs/core/kit'
import { NotObservableError } from '../errors.js'
import { type IoredisShape, observeIoredisClient } from './compat-ioredis.js'

/** What is used of a `Redis` of ioredis. */
export interface ObservableIoredis {
  sendCommand(...args: never[]): unknown
  connect(...args: never[]): unknown
  defineCommand(...args: never[]): unknown
}

/**
 * Notes the commands of a `Redis` of ioredis, each of a pipeline and of a transaction by itself. Neither promises nor errors of its commands
 * change, as they do while anybody listens to its diagnostics channels.
 *
 * @param client - A `Redis`, before it runs commands; not a `Cluster`.
 * @returns The same client.
 * @throws SCS_QUERY_LOG_ERR_NOT_OBSERVABLE
 */
export function observeIoredis<Client extends ObservableIoredis>(client: Client): Client {
  const given = client as (Partial<ObservableIoredis> & { readonly isCluster?: unknown }) | null
  if (
    typeof given?.sendCommand !== 'function' ||
    typeof given.connect !== 'function' ||
    typeof given.defineCommand !== 'function' ||
    given.isCluster === true
  ) {
    throw new NotObservableError('observeIoredis', 'a Redis of ioredis', show(client))
  }
  observeIoredisClient(client as unknown as IoredisShape)
  return client
}
