import { QueryTimeoutError } from '@fastify-scs/store/adapter'
import type { Connection } from '../driver/driver.js'
import { ENGINE } from '../failure.js'

/** Rows that SQLite looks at between two looks at the clock; a power of two. */
const ROWS_BETWEEN = 1_024
const FUNCTION = 'scs_in_time'

/**
 * The condition that ends a statement when its time is over: most rows cost SQLite one comparison, and one of each thousand a call
 * of the function, so that a search that finds nothing is ended too.
 *
 * @param rowNumber the column with the number of the row, which is in each index
 */
export function inTimeSql(rowNumber: string): string {
  return `(${rowNumber} & ${ROWS_BETWEEN - 1} <> 0 OR ${FUNCTION}())`
}

/** The time that a read of one connection may take. Neither driver can interrupt SQLite, so its statements ask for the time. */
export class Deadline {
  readonly #queryTimeoutMs: number
  #endMs = Number.POSITIVE_INFINITY

  /** Adds the function that statements with `inTimeSql` call. */
  constructor(connection: Connection, queryTimeoutMs: number) {
    this.#queryTimeoutMs = queryTimeoutMs
    connection.function(FUNCTION, { deterministic: false }, () => {
      this.check()
      return 1
    })
  }

  /** Begins the time of the next read. */
  begin(): void {
    this.#endMs = performance.now() + this.#queryTimeoutMs
  }

  /** @throws QueryTimeoutError when the time is over */
  check(): void {
    if (performance.now() > this.#endMs) throw new QueryTimeoutError(ENGINE, this.#queryTimeoutMs)
  }
}
