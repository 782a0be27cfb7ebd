import type { Connection } from './driver/driver.js'

/** Does work in one transaction, all of it or nothing, and returns what it returns. @throws what the work or the driver throws */
export function transact<Result>(connection: Connection, work: () => Result): Result {
  connection.exec('BEGIN IMMEDIATE')
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
    // SQLite has rolled back by itself: a full disk, for one.
  }
}
