import type { CreateStoreAdapter } from '@fastify-scs/store'
import { pathOf, type SqliteStoreOptions } from './options.js'
import { SqliteStore } from './sqlite-store.js'

/** Makes the adapter of a `sqlite:` URL; the store plugin calls it. @throws UrlError, OptionsError */
export const createStoreAdapter: CreateStoreAdapter = ({ url, options }) => {
  // The constructor checks what the application gave.
  const given: Partial<SqliteStoreOptions> = options
  return new SqliteStore({ ...given, path: pathOf(url) })
}
