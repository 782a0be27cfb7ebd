import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { errorCatalog as consoleErrors } from '@fastify-scs/console'
import { errorCatalog as coreErrors } from '@fastify-scs/core'
import { type ErrorCatalog, isObject } from '@fastify-scs/core/kit'
import { errorCatalog as storeErrors } from '@fastify-scs/store'
import { CLI_ERRORS } from '../failure.js'
import { FAMILY } from '../family.js'

/** What an error of a package means. */
export interface PackageError {
  readonly code: string
  /** The package that throws it. */
  readonly package: string
  readonly message: string
  readonly fix: string
}

/** Those that this package depends on. */
const OWN: Readonly<Record<string, ErrorCatalog>> = {
  '@fastify-scs/cli': CLI_ERRORS,
  '@fastify-scs/console': consoleErrors,
  '@fastify-scs/core': coreErrors,
  '@fastify-scs/store': storeErrors,
}

/** The errors of all packages of the family that are installed, by code. */
export async function packageErrors(folder: string = process.cwd()): Promise<PackageError[]> {
  const catalogs: [name: string, catalog: ErrorCatalog][] = []
  for (const name of FAMILY) {
    const catalog = OWN[name] ?? (await catalogOf(name, folder))
    if (catalog !== undefined) catalogs.push([name, catalog])
  }
  return catalogs
    .flatMap(([name, catalog]) =>
      Object.entries(catalog).map(([code, { message, fix }]) => ({
        code,
        package: name,
        message,
        fix,
      })),
    )
    .sort((one, other) => (one.code < other.code ? -1 : 1))
}

async function catalogOf(name: string, folder: string): Promise<ErrorCatalog | undefined> {
  for (const place of [join(folder, 'index.js'), import.meta.url, process.argv[1]]) {
    if (place === undefined) continue
    try {
      const path = createRequire(place).resolve(name)
      const { errorCatalog } = (await import(pathToFileURL(path).href)) as Record<string, unknown>
      return isObject(errorCatalog) ? (errorCatalog as ErrorCatalog) : undefined
    } catch {
      // Not installed where it was looked for.
    }
  }
  return undefined
}
