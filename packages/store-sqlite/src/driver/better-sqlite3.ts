import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Connection, Driver } from './driver.js'

type BetterSqlite3 = new (path: string, options: { readonly readonly: boolean }) => Connection

/** The driver `better-sqlite3`; undefined when it is not installed. @throws what its native part throws when it can't be loaded */
export function betterSqlite3(): Driver | undefined {
  const Database = load()
  if (Database === undefined) return undefined
  return {
    name: 'better-sqlite3',
    open: (path, { isReadOnly }) => new Database(path, { readonly: isReadOnly }),
    failureOf(error) {
      if (!(error instanceof Error) || !('code' in error)) return undefined
      // Extended codes are named like SQLITE_BUSY_SNAPSHOT.
      return /^SQLITE_[A-Z]+/.exec(String(error.code))?.[0]
    },
  }
}

function load(): BetterSqlite3 | undefined {
  try {
    const Database = createRequire(place())('better-sqlite3') as BetterSqlite3
    // The native part is loaded with the first database only; one for another Node fails here, before a file is touched.
    new Database(':memory:', { readonly: false }).close()
    return Database
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
