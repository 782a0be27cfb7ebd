import type { Connection, Driver } from '../driver/driver.js'
import { STOP, type WorkerStart } from '../threads/protocol.js'

/** Does work in one transaction, all of it or nothing, and returns its result. @throws what the work or the driver throws */
export function transact<Result>(
  connection: Connection,
  lockWait: LockWait,
  work: () => Result,
): Result {
  lockWait.do(() => connection.exec('BEGIN IMMEDIATE'))
  return endTransaction(connection, work)
}

/** Does work in a transaction that has begun, and ends the transaction. @throws what the work or the driver throws */
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
    // SQLite has rolled back itself, for example after a full disk; the failure before this one is thrown.
  }
}

/** How long SQLite waits for a lock before the worker checks whether to go on waiting, in milliseconds. */
export const LOCK_STEP_MS = 100

/** Waits for another process's lock, in steps, so that closing the store need not wait as long. */
export class LockWait {
  readonly #driver: Driver
  readonly #waitMs: number
  readonly #counters: Int32Array

  constructor(driver: Driver, { busyTimeoutMs, counters }: WorkerStart) {
    this.#driver = driver
    this.#waitMs = busyTimeoutMs
    this.#counters = counters
  }

  /** Whether nothing waits for a lock any more: the store is being closed. */
  get isStopped(): boolean {
    return Atomics.load(this.#counters, STOP) !== 0
  }

  /** Does work that succeeds or fails as a whole, and does it again while another process has the lock. @throws what the driver throws */
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
