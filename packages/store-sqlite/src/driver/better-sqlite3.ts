import { createRequire } from 'node:module'
import { join } from 'node:path'
import { DriverMissingError } from '@fastify-scs/store/adapter'
import { ENGINE } from '../failure.js'
import type { Connection, Driver } from './driver.js'

type BetterSqlite3 = new (path: string, options: { readonly readonly: boolean }) => Connection

/** The driver `better-sqlite3`; undefined when it is not installed. @throws what it throws when it can't be loaded */
export function betterSqlite3(): Driver | undefined {
  const Database = load()
  if (Database === undefined) return undefined
  return {
    name: 'better-sqlite3',
    open(path, { isReadOnly }) {
      try {
        return new Database(path, { readonly: isReadOnly })
      } catch (error) {
        // The native part is loaded with the first database. What it says of a path is a TypeError.
        const isLoaded = failureOf(error) !== undefined || error instanceof TypeError
        throw isLoaded ? error : doesNotLoad(error)
      }
    },
    failureOf,
  }
}

/** The coded error for a driver that is installed and of no use, such as one that was built for another Node. */
export function doesNotLoad(error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error)
  return new DriverMissingError(ENGINE, `better-sqlite3 does not load: ${reason}`, { cause: error })
}

function failureOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  // Extended codes are named like SQLITE_BUSY_SNAPSHOT.
  return /^SQLITE_[A-Z]+/.exec(String(error.code))?.[0]
}

function load(): BetterSqlite3 | undefined {
  try {
    return createRequire(place())('better-sqlite3') as BetterSqlite3
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}

/** Where the package is looked for: from this module, or from the thread's file where a CommonJS bundle has no `import.meta.url`. */
function place(): string {
  const here: string | undefined = import.meta.url
  return here ?? process.argv[1] ?? join(process.cwd(), 'index.js')
}
