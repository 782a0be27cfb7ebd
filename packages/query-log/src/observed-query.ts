/** What an observer knows of a query when it is asked for. */
export interface QueryStart {
  /** Which kind of database, by the names of OpenTelemetry's `db.system.name`. */
  readonly system: 'postgresql' | 'mysql' | 'sqlite' | 'redis' | 'mongodb' | (string & {})
  /**
   * The statement as the driver sends it, without the values that are bound to it. Kept as it is (its first 4,096 characters) until a report
   * needs it, which most never do, and only then normalised: literals and lists are taken out. Of a command that has no text (Redis, MongoDB): a
   * function that makes one without any value. It is called once and at once, so that no value is kept: it has to be short work.
   */
  readonly statement: string | (() => string)
}

/** What an observer knows of a query at its end. */
export interface QueryEnd {
  /** Rows that were read or changed. */
  readonly rows?: number | undefined
  /** What it failed by; anything, only its code or name is kept. */
  readonly error?: unknown
  /**
   * Milliseconds that it took, of a driver that tells of a query only at its end: it was asked for so long ago. Null where the end cannot be
   * seen. @default the time since the query was begun
   */
  readonly durationMs?: number | null | undefined
}

/** One query of a request, which its observer brings to its end. No method throws. */
export interface ObservedQuery {
  /**
   * It has its connection now: what it took until then was the wait for one.
   *
   * @param wasIdle whether one was there when it was asked for: it has not waited, and the clock is not read
   */
  connected(wasIdle?: boolean): void
  /** It is over; a second call changes nothing. */
  end(end?: QueryEnd): void
}
