/** What can be bound. */
export type SqlValue = string | number | bigint | null

/** A statement that is prepared. */
export interface Statement {
  run(...values: SqlValue[]): {
    readonly changes: number | bigint
    readonly lastInsertRowid: number | bigint
  }
  get(...values: SqlValue[]): unknown
  all(...values: SqlValue[]): unknown[]
  iterate(...values: SqlValue[]): Iterable<unknown>
}

/** An open file: the few calls that both drivers have in the same form. */
export interface Connection {
  exec(sql: string): unknown
  prepare(sql: string): Statement
  /** Adds a function that statements can call; one that is not deterministic is called for each row. */
  function(
    name: string,
    options: { readonly deterministic: boolean },
    call: () => SqlValue,
  ): unknown
  close(): void
}

/** The names of the drivers. */
export type DriverName = 'node:sqlite' | 'better-sqlite3'

/** A driver of SQLite. */
export interface Driver {
  readonly name: DriverName
  open(path: string, options: { readonly isReadOnly: boolean }): Connection
  /** SQLite's name for a failure, such as `SQLITE_BUSY`, without the extension; undefined when SQLite did not fail. */
  failureOf(error: unknown): string | undefined
}
