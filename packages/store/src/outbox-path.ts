import { createHash } from 'node:crypto'
import { OptionsError } from './errors.js'
import type { ResolvedStoreOptions } from './options.js'
import type { StoreAdapter } from './port.js'

/**
 * The folder of the outbox: the given one, the adapter's, or one in the working directory that is named after the URL;
 * undefined when there is none.
 *
 * @throws OptionsError when `durability: 'process'` has no folder to write to
 */
export function outboxPathOf(
  options: ResolvedStoreOptions,
  adapter: StoreAdapter,
): string | undefined {
  const path = options.outboxPath ?? adapter.outboxPath ?? defaultPath(options.place)
  if (path !== false && path !== undefined) return path
  if (options.durability === 'default') return undefined
  throw new OptionsError('outboxPath', "a folder, which durability: 'process' writes to", 'none')
}

function defaultPath(place: ResolvedStoreOptions['place']): string | undefined {
  // What a store in memory could not keep is not worth a file.
  if (!('url' in place) || place.url.startsWith('memory:')) return undefined
  const name = createHash('sha256').update(place.url).digest('hex').slice(0, 8)
  return `scs-store-${name}.outbox`
}
