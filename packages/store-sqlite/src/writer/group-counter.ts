import {
  type ChangedGroup,
  changedGroup,
  countSighting,
  type GroupChange,
  type GroupRules,
  type GroupSighting,
  type GroupState,
} from '@fastify-scs/store/adapter'
import type { Connection } from '../driver/driver.js'
import type { LockWait } from '../file/transaction.js'
import { transact } from '../file/transaction.js'
import { GroupRows } from './group-rows.js'
import { ReleaseRows } from './release-rows.js'

/** Counts and changes groups of like reports in the file; all calls are synchronous and belong in a worker thread. */
export class GroupCounter {
  readonly #connection: Connection
  readonly #lockWait: LockWait
  readonly #groups: GroupRows
  readonly #releases: ReleaseRows

  constructor(connection: Connection, lockWait: LockWait) {
    this.#connection = connection
    this.#lockWait = lockWait
    this.#groups = new GroupRows(connection)
    this.#releases = new ReleaseRows(connection)
  }

  /** Adds all sightings, or none of them. @throws what the driver throws */
  count(sightings: readonly GroupSighting[], rules: GroupRules): readonly GroupState[] {
    // The lock of the write, taken before the first read, makes the processes take turns.
    return this.#transact(() => sightings.map((sighting) => this.#countOne(sighting, rules)))
  }

  /** Changes a group, unless it has another revision. @throws what the driver throws */
  change(fingerprint: string, change: GroupChange): ChangedGroup {
    return this.#transact(() => {
      const known = this.#groups.find(fingerprint)
      if (known === undefined) return { isChanged: false, group: undefined }
      const changed = changedGroup(known, change, this.#releases.newest())
      if (changed !== undefined) this.#groups.keep(changed)
      const group = this.#groups.withUsers(changed ?? known)
      return { isChanged: changed !== undefined, group: { ...group } }
    })
  }

  /** Notes that a release ran at a time. @throws what the driver throws */
  noteRelease(release: string, at: number): void {
    this.#transact(() => this.#releases.note(release, at, at))
  }

  /**
   * Removes some of the groups that were not seen since a time, with all that belongs to them, some of the counts of hours before it,
   * and then the releases; returns whether there may be more. @throws what the driver throws
   */
  forgetBefore(time: number): boolean {
    return this.#transact(() => {
      if (this.#groups.removeBefore(time) || this.#groups.removeHoursBefore(time)) return true
      this.#releases.removeBefore(time)
      return false
    })
  }

  #countOne(sighting: GroupSighting, rules: GroupRules): GroupState {
    const { fingerprint, release, firstSeenAt, lastSeenAt, occurrences } = sighting
    if (release !== undefined && occurrences > 0)
      this.#releases.note(release, firstSeenAt, lastSeenAt)
    const known = this.#groups.find(fingerprint)
    const times = this.#releases.timesOf(release, known?.resolvedIn)
    const { kept, told } = countSighting(known, sighting, rules, times)
    this.#groups.keep(kept)
    this.#groups.addBeside(sighting)
    return told
  }

  #transact<Result>(work: () => Result): Result {
    return transact(this.#connection, this.#lockWait, work)
  }
}
