import { createRequire } from 'node:module'

/** What can be bound. */
export type SqlValue = string | number | null

/** The calls that both drivers have in the same form. */
export interface Connection {
  exec(sql: string): unknown
  prepare(sql: string): {
    run(...values: SqlValue[]): unknown
    get(...values: SqlValue[]): unknown
    all(...values: SqlValue[]): unknown[]
  }
}

type Open = new (path: string) => Connection

/** Opens a file with the driver that the store takes: node:sqlite where Node has it, else better-sqlite3. */
export function openSqlite(path: string): Connection {
  const builtIn = process.getBuiltinModule('node:sqlite') as unknown as
    | { DatabaseSync: Open }
    | undefined
  const Driver = builtIn?.DatabaseSync ?? (createRequire(import.meta.url)('better-sqlite3') as Open)
  return new Driver(path)
}
