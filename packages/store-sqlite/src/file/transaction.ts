import type { Connection, Driver } from '../driver/driver.js'
import { STOP, type WorkerStart } from '../threads/protocol.js'

/** Does work in one transaction, all of it or nothing, and returns what it returns. @throws what the work or the driver throws */
export function transact<Result>(
  connection: Connection,
  lockWait: LockWait,
  work: () => Result,
): Result {
  lockWait.do(() => connection.exec('BEGIN IMMEDIATE'))
  return endTransaction(connection, work)
}

/** Does work in the transaction that has begun, and ends it. @throws what the work or the driver throws */
export function endTransaction<Result>(connection: Connection, work: () => Result): Result {
  try {
    const result = work()
    connection.exec('COMMIT')
    return result
  } catch (error) {
    rollBack(connection)
    throw error
  }
}

function rollBack(connection: Connection): void {
  try {
    connection.exec('ROLLBACK')
  } catch {
    // SQLite has rolled back by itself, after a full disk for one; what failed before is the failure to tell.
  }
}

/** How long SQLite itself waits for a lock before it is looked whether to go on, in milliseconds. */
export const LOCK_STEP_MS = 100

/** Waits for another process's lock, in steps, so that whoever closes the store need not wait as long. */
export class LockWait {
  readonly #driver: Driver
  readonly #waitMs: number
  readonly #counters: Int32Array

  constructor(driver: Driver, { busyTimeoutMs, counters }: WorkerStart) {
    this.#driver = driver
    this.#waitMs = busyTimeoutMs
    this.#counters = counters
  }

  /** Whether the wait is over for good. */
  get isStopped(): boolean {
    return Atomics.load(this.#counters, STOP) !== 0
  }

  /** Does work that either happens or fails as a whole, and again while another process has the lock. @throws what the driver throws */
  do<Result>(work: () => Result): Result {
    const endMs = performance.now() + this.#waitMs
    for (;;) {
      try {
        return work()
      } catch (error) {
        const isOver = performance.now() >= endMs || this.isStopped
        if (isOver || this.#driver.failureOf(error) !== 'SQLITE_BUSY') throw error
      }
    }
  }
}
