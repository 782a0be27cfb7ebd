import type { Connection } from './driver/driver.js'
import type { LockWait } from './lock-wait.js'

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
