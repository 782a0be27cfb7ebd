import {
  countSighting,
  type Group,
  type GroupRules,
  type GroupSighting,
  type GroupState,
} from '@fastify-scs/store/adapter'
import type { Connection, Statement } from '../driver/driver.js'
import type { LockWait } from '../file/transaction.js'
import { transact } from '../file/transaction.js'

/** Groups that are removed in one step. */
const CHUNK_GROUPS = 500

/** Counts groups of like reports in the file; all calls are synchronous and belong in a worker thread. */
export class GroupCounter {
  readonly #connection: Connection
  readonly #lockWait: LockWait
  readonly #find: Statement
  readonly #keep: Statement
  readonly #remove: Statement

  constructor(connection: Connection, lockWait: LockWait) {
    this.#connection = connection
    this.#lockWait = lockWait
    this.#find = connection.prepare(`SELECT fingerprint, occurrences, first_seen_at AS firstSeenAt,
      last_seen_at AS lastSeenAt, streak, due_at AS dueAt, suppressed
      FROM report_groups WHERE fingerprint = ?`)
    this.#keep = connection.prepare(`INSERT OR REPLACE INTO report_groups
      (fingerprint, occurrences, first_seen_at, last_seen_at, streak, due_at, suppressed)
      VALUES (?, ?, ?, ?, ?, ?, ?)`)
    this.#remove = connection.prepare(`DELETE FROM report_groups WHERE fingerprint IN
      (SELECT fingerprint FROM report_groups WHERE last_seen_at < ? LIMIT ${CHUNK_GROUPS})`)
  }

  /** Adds all sightings, or none of them. @throws what the driver throws */
  count(sightings: readonly GroupSighting[], rules: GroupRules): readonly GroupState[] {
    // The lock of the write, taken before the first read, makes the processes take turns.
    return transact(this.#connection, this.#lockWait, () =>
      sightings.map((sighting) => this.#countOne(sighting, rules)),
    )
  }

  /** Removes some of the groups that were not seen since a time; returns whether there may be more. @throws what the driver throws */
  forgetBefore(time: number): boolean {
    return Number(this.#remove.run(time).changes) === CHUNK_GROUPS
  }

  #countOne(sighting: GroupSighting, rules: GroupRules): GroupState {
    const { fingerprint } = sighting
    const known = this.#find.get(fingerprint) as Group | undefined
    const { kept, told } = countSighting(known, sighting, rules)
    this.#keep.run(
      fingerprint,
      kept.occurrences,
      kept.firstSeenAt,
      kept.lastSeenAt,
      kept.streak,
      kept.dueAt,
      kept.suppressed,
    )
    return told
  }
}
