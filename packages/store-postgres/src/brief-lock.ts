import { setTimeout as pause } from 'node:timers/promises'
import type { Database, Session } from './database.js'
import { SQLSTATE, sqlstateOf } from './fault.js'

/** Limit of statements on a whole day, which may take long in a large store, in milliseconds. */
const STATEMENT_MS = 600_000

/** Waiting for a table's lock makes all who come later wait as well: so each wait is brief, in milliseconds. */
const LOCK_MS = 100
const PAUSE_MS = 200
const ATTEMPTS = 50

/** Runs a transaction that locks a whole table; tries again while others use the table, for 15 seconds at most. */
export async function withBriefLock<Result>(
  database: Database,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.transaction({ statementMs: STATEMENT_MS, lockMs: LOCK_MS }, work)
    } catch (error) {
      const isInTheWay = sqlstateOf(error) === SQLSTATE.lockNotAvailable
      if (!isInTheWay || attempt === ATTEMPTS) throw error
      await pause(PAUSE_MS)
    }
  }
}
