import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { AdapterMissingError, UrlError } from './errors.js'
import { MemoryStore } from './memory/memory-store.js'
import type { AdapterContext, CreateStoreAdapter, ExamineStore, StoreAdapter } from './port.js'

/** The packages for each scheme of a URL. They depend on this package, so it can't depend on them. */
const PACKAGES: Readonly<Record<string, string>> = {
  sqlite: '@fastify-scs/store-sqlite',
  postgres: '@fastify-scs/store-postgres',
  postgresql: '@fastify-scs/store-postgres',
}

/** What an adapter's package exports. */
export interface AdapterPackage {
  readonly createStoreAdapter: CreateStoreAdapter
  /** Missing from an adapter that cannot be examined. */
  readonly examineStore?: ExamineStore
}

/**
 * Makes the adapter that a URL asks for; it is not open yet.
 *
 * @throws UrlError, AdapterMissingError, and what the adapter's package throws for a wrong URL or option
 */
export async function loadAdapter(
  context: AdapterContext,
  resolveFrom?: string,
): Promise<StoreAdapter> {
  if (context.url.startsWith('memory:')) return new MemoryStore()
  const { createStoreAdapter } = await loadAdapterPackage(context.url, resolveFrom)
  return createStoreAdapter(context)
}

/**
 * Loads the package of the adapter that a URL asks for.
 *
 * @param resolveFrom `import.meta.url` of a module that has the package among its dependencies; the application is asked as well
 * @throws UrlError, AdapterMissingError
 */
export async function loadAdapterPackage(
  url: string,
  resolveFrom?: string,
): Promise<AdapterPackage> {
  const scheme = /^([a-z]+):/.exec(url)?.[1]
  const packageName = scheme === undefined ? undefined : PACKAGES[scheme]
  if (packageName !== undefined) return await load(packageName, url, resolveFrom)
  throw new UrlError(
    withoutCredentials(url),
    "it begins with none of 'sqlite:', 'postgres:', 'memory:'",
  )
}

/** A URL as it may be shown. */
export function withoutPassword(url: string): string {
  return url
    .replace(/(\/\/[^/?#]*?):[^/?#]*@/, '$1:***@')
    .replace(/([?&]password=)[^&#]*/gi, '$1***')
}

/** The same of a text that is no URL of ours: any part before an `@` may be a password. */
function withoutCredentials(text: string): string {
  return withoutPassword(text.replace(/^((?:[a-z][a-z0-9+.-]*:\/\/)?[^:@]*):.*@/is, '$1:***@'))
}

/** Codes of a module that is not found: Node's, and those of loaders that resolve as `require` does, such as Jest's. */
const MISSING_CODES: readonly unknown[] = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']

async function load(
  packageName: string,
  url: string,
  resolveFrom: string | undefined,
): Promise<AdapterPackage> {
  try {
    return await import(packageName)
  } catch (error) {
    if (!MISSING_CODES.includes((error as NodeJS.ErrnoException).code)) throw error
    // If a package is missing that the adapter needs, the second import fails in the same way.
    const resolved = resolveElsewhere(packageName, resolveFrom)
    if (resolved !== undefined) return await import(resolved)
    const args = [withoutPassword(url), packageName, packageName] as const
    throw new AdapterMissingError(...args, { cause: error })
  }
}

/**
 * Resolves the package from the application, or from a module that brings it: where package managers link packages, this package
 * can't see it.
 */
function resolveElsewhere(
  packageName: string,
  resolveFrom: string | undefined,
): string | undefined {
  const { argv } = process
  const main = argv[1] === undefined ? undefined : pathToFileURL(argv[1]).href
  const places = [main, pathToFileURL(join(process.cwd(), 'index.js')).href, resolveFrom]
  for (const place of places) {
    if (place === undefined) continue
    try {
      return pathToFileURL(createRequire(place).resolve(packageName)).href
    } catch {
      // Not found from here; perhaps from the next place.
    }
  }
  return undefined
}
