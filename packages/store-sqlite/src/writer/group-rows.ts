import {
  GROUP_COUNT_MS,
  type GroupSighting,
  type KeptGroup,
  MAX_GROUP_USERS,
  type StoredGroup,
  userDigest,
} from '@fastify-scs/store/adapter'
import type { Connection, Statement } from '../driver/driver.js'
import { GROUP_SQL } from '../file/group-sql.js'

/** Groups that are removed in one step. */
const CHUNK_GROUPS = 500
/** Counts by the hour that are removed in one step. */
const CHUNK_HOURS = 2_000

/** The rows of groups: what is counted, what was decided, the hours and the people; all calls belong in a transaction of the caller's. */
export class GroupRows {
  readonly #find: Statement
  readonly #keepCounts: Statement
  readonly #keepDetails: Statement
  readonly #addHour: Statement
  readonly #addUser: Statement
  readonly #countUsers: Statement
  readonly #remove: Statement
  readonly #removeHours: Statement

  constructor(connection: Connection) {
    this.#find = connection.prepare(`${GROUP_SQL} WHERE report_groups.fingerprint = ?`)
    this.#keepCounts = connection.prepare(`INSERT OR REPLACE INTO report_groups
      (fingerprint, occurrences, first_seen_at, last_seen_at, streak, due_at, suppressed)
      VALUES (?, ?, ?, ?, ?, ?, ?)`)
    this.#keepDetails = connection.prepare(`INSERT OR REPLACE INTO group_details
      (fingerprint, title, search_title, kind, status, first_release, last_release, resolved_in, resolved_at,
        muted_until, muted_until_occurrences, reason, assignee, note, revision, changed_at, changed_by)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
    this.#addHour = connection.prepare(`INSERT INTO group_hours (fingerprint, hour, occurrences)
      VALUES (?, ?, ?) ON CONFLICT (fingerprint, hour)
      DO UPDATE SET occurrences = min(occurrences + excluded.occurrences, ${Number.MAX_SAFE_INTEGER})`)
    this.#addUser = connection.prepare(
      'INSERT OR IGNORE INTO group_users (fingerprint, digest) VALUES (?, ?)',
    )
    this.#countUsers = connection.prepare(
      'SELECT count(*) AS users FROM group_users WHERE fingerprint = ?',
    )
    this.#remove = connection.prepare(`DELETE FROM report_groups WHERE fingerprint IN
      (SELECT fingerprint FROM report_groups WHERE last_seen_at < ? LIMIT ${CHUNK_GROUPS})`)
    this.#removeHours = connection.prepare(`DELETE FROM group_hours WHERE (fingerprint, hour) IN
      (SELECT fingerprint, hour FROM group_hours WHERE hour < ? LIMIT ${CHUNK_HOURS})`)
  }

  find(fingerprint: string): KeptGroup | undefined {
    return this.#find.get(fingerprint) as KeptGroup | undefined
  }

  /** A group with the number of its people. */
  withUsers(group: KeptGroup): StoredGroup {
    return { ...group, users: this.#usersOf(group.fingerprint) }
  }

  keep(group: KeptGroup): void {
    const { fingerprint, title } = group
    this.#keepCounts.run(
      fingerprint,
      group.occurrences,
      group.firstSeenAt,
      group.lastSeenAt,
      group.streak,
      group.dueAt,
      group.suppressed,
    )
    this.#keepDetails.run(
      fingerprint,
      title,
      title.toLowerCase(),
      group.kind,
      group.status,
      group.firstRelease,
      group.lastRelease,
      group.resolvedIn,
      group.resolvedAt,
      group.mutedUntil,
      group.mutedUntilOccurrences,
      group.reason,
      group.assignee,
      group.note,
      group.revision,
      group.changedAt,
      group.changedBy,
    )
  }

  /** Adds the hour and the people of a sighting. */
  addBeside({ fingerprint, occurrences, lastSeenAt, users = [] }: GroupSighting): void {
    const hour = Math.floor(lastSeenAt / GROUP_COUNT_MS) * GROUP_COUNT_MS
    if (occurrences > 0) this.#addHour.run(fingerprint, hour, occurrences)
    if (users.length === 0) return
    let known = this.#usersOf(fingerprint)
    for (const user of users) {
      if (known >= MAX_GROUP_USERS) return
      known += Number(this.#addUser.run(fingerprint, userDigest(user)).changes)
    }
  }

  /** Removes some of the groups that were not seen since a time; returns whether there may be more. */
  removeBefore(time: number): boolean {
    return Number(this.#remove.run(time).changes) === CHUNK_GROUPS
  }

  /** Removes some of the counts of hours that ended before a time; returns whether there may be more. */
  removeHoursBefore(time: number): boolean {
    return Number(this.#removeHours.run(time - GROUP_COUNT_MS).changes) === CHUNK_HOURS
  }

  #usersOf(fingerprint: string): number {
    return (this.#countUsers.get(fingerprint) as { users: number }).users
  }
}
