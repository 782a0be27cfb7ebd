// The shapes of request facts that more than one package reads.

/** A statement that a request has run, as often as it has run it. */
export type QueryStatement = {
  /** Which kind of database, by the names of OpenTelemetry's `db.system.name`: `postgresql`, `mysql`, `sqlite`, `redis`, `mongodb`. */
  readonly system: string
  /** The statement without its literals, lists and values: `SELECT * FROM orders WHERE id = ?`. */
  readonly text: string
  readonly times: number
  /** Milliseconds of all its runs together. */
  readonly durationMs: number
  /** Whether it was run so often that one query could have done it all (N+1). */
  readonly isRepeated: boolean
}

/** One run of a statement. */
export type QueryRun = {
  /** Its index in `statements`. */
  readonly statement: number
  /** When it was asked for, in milliseconds since 1970, with fractions. */
  readonly at: number
  /** From being asked for to its end, the wait for a connection included; null while it runs, and where the end cannot be seen. */
  readonly durationMs: number | null
  /** Milliseconds of the wait for a connection; null where it is not known. */
  readonly waitMs: number | null
  /** Rows that were read or changed; null where it is not known. */
  readonly rows: number | null
  /** The code of the error that it failed by, or the error's name; null when it did not fail. */
  readonly errorCode: string | null
}

/** The request fact `queries`. */
export type QueriesFact = {
  /** How many the request has run. */
  readonly count: number
  /** How many of them are not in `list`. */
  readonly leftOut: number
  /** Milliseconds during which at least one was running. */
  readonly durationMs: number
  /** Each once, in the order of its first run. */
  readonly statements: QueryStatement[]
  /** In the order in which they were asked for. */
  readonly list: QueryRun[]
}

/** An entry of the request fact `log_lines`: what the request has logged, the newest lines, the oldest first. */
export type LogLineFact = {
  /** Milliseconds since 1970. */
  readonly at: number
  /** `info`, `warn` ... */
  readonly level: string
  readonly message: string
}
