import type { Release, ReleaseTimes } from '@fastify-scs/store/adapter'
import type { Connection, Statement } from '../driver/driver.js'
import { RELEASES_SQL } from '../file/group-sql.js'

/** Releases that are kept; those that were not seen for longest go first. */
const MAX_RELEASES = 1_000

/** The rows of releases; all calls belong in a transaction of the caller's. */
export class ReleaseRows {
  readonly #note: Statement
  readonly #removeExcess: Statement
  readonly #find: Statement
  readonly #newest: Statement
  readonly #removeBefore: Statement

  constructor(connection: Connection) {
    this.#note = connection.prepare(`INSERT INTO releases (release, first_seen_at, last_seen_at)
      VALUES (?, ?, ?) ON CONFLICT (release) DO UPDATE SET
        first_seen_at = min(first_seen_at, excluded.first_seen_at),
        last_seen_at = max(last_seen_at, excluded.last_seen_at)
      WHERE excluded.first_seen_at < first_seen_at OR excluded.last_seen_at > last_seen_at`)
    this.#removeExcess = connection.prepare(`DELETE FROM releases WHERE release IN
      (SELECT release FROM releases ORDER BY last_seen_at DESC LIMIT -1 OFFSET ${MAX_RELEASES})`)
    this.#find = connection.prepare('SELECT first_seen_at AS began FROM releases WHERE release = ?')
    this.#newest = connection.prepare(RELEASES_SQL)
    this.#removeBefore = connection.prepare(`DELETE FROM releases WHERE last_seen_at < ?
      AND release NOT IN (SELECT resolved_in FROM group_details WHERE resolved_in IS NOT NULL)`)
  }

  note(release: string, from: number, to: number): void {
    const isKnown = this.#find.get(release) !== undefined
    this.#note.run(release, from, to)
    if (!isKnown) this.#removeExcess.run()
  }

  /** When the releases that are given and were noted began. */
  timesOf(...releases: readonly (string | null | undefined)[]): ReleaseTimes {
    const times = new Map<string, number>()
    for (const release of releases) {
      if (release === null || release === undefined) continue
      const found = this.#find.get(release) as { began: number } | undefined
      if (found !== undefined) times.set(release, found.began)
    }
    return times
  }

  /** Removes those that were not seen since a time, but for those that a group is resolved in. */
  removeBefore(time: number): void {
    this.#removeBefore.run(time)
  }

  newest(): string | null {
    return (this.#newest.get(1) as Release | undefined)?.release ?? null
  }
}
