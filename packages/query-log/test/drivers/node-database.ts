import { createRequire } from 'node:module'

/** What the tests use of a statement of node:sqlite, which Node 20 has not, nor its types. */
export interface NodeStatement {
  readonly sourceSQL: string
  readonly expandedSQL: string
  get(...values: unknown[]): unknown
  all(...values: unknown[]): unknown[]
  run(...values: unknown[]): unknown
  iterate(...values: unknown[]): Iterable<unknown>
}

/** What the tests use of its `DatabaseSync`. */
export interface NodeDatabase {
  prepare(sql: string): NodeStatement
  exec(sql: string): void
  createSession(): unknown
  close(): void
}

/** The class; undefined on Node 20, which is printed. */
export function loadNodeDatabase(): (new (path: string) => NodeDatabase) | undefined {
  try {
    return createRequire(import.meta.url)('node:sqlite').DatabaseSync
  } catch {
    process.stderr.write(`\nNode ${process.version} has no node:sqlite: its tests are SKIPPED.\n`)
    return undefined
  }
}
