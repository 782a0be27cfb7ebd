import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the page: the given one, a URL or a path, or the package's own, beside `dist`; undefined in a bundle. */
export function pageFolderOf(given: URL | string | undefined): string | undefined {
  if (given instanceof URL) return fileURLToPath(given)
  if (given !== undefined) return given.startsWith('file:') ? fileURLToPath(given) : resolve(given)
  // A CommonJS bundle has none, and a folder "assets" near another bundle may be the application's own.
  const here: string | undefined = import.meta.url
  if (!/\/(?:src|dist)\/assets\/page-folder\.[jt]s$/.test(here ?? '')) return undefined
  return fileURLToPath(new URL('../../assets', here))
}
