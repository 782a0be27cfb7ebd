import type { Session } from '../database.js'

/** Asks in a transaction of its own, which only reads. */
export type Ask = <Result>(question: (session: Session) => Promise<Result>) => Promise<Result>
