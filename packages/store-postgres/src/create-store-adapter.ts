import type { AdapterContext, StoreAdapter } from '@fastify-scs/store/adapter'
import { PostgresStore } from './postgres-store.js'

/**
 * Makes the adapter for a `postgres://` URL; `@fastify-scs/store` calls it with the plugin's `adapterOptions`.
 *
 * @throws OptionsError, UrlError
 */
export function createStoreAdapter({ url, options }: AdapterContext): StoreAdapter {
  return new PostgresStore(url, options)
}
