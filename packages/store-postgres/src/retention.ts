import type { RecordKind, RetentionLimits } from '@fastify-scs/store/adapter'
import { withBriefLock } from './brief-lock.js'
import type { Database, Session } from './database.js'
import { forgetGroups, forgetHours } from './groups/forget.js'
import { forgetReleases } from './groups/releases.js'
import { RouteHours } from './routes/hours.js'
import { DAY_MS, millisecondsOf, timestampOf } from './schema/day.js'
import type { MeasuredPartition, Partition, Partitions } from './schema/partitions.js'
import { forgetKeys, type KeyRange } from './write/record-keys.js'

/** Limits of statements that nobody waits for, in milliseconds. */
const SLOW = { statementMs: 600_000, lockMs: 5_000 }

/** Rows that one statement deletes. */
const CHUNK_ROWS = 1_000

/** How often one day is trimmed in one pruning; the rest is left to the next one. */
const MAX_TRIMS = 5

/** Removes what is too old or too much: whole days where it can. */
export class Retention {
  readonly #database: Database
  readonly #quotedSchema: string
  readonly #partitions: Partitions
  readonly #routeHours: RouteHours

  constructor(database: Database, quotedSchema: string, partitions: Partitions) {
    this.#database = database
    this.#quotedSchema = quotedSchema
    this.#partitions = partitions
    this.#routeHours = new RouteHours(database, SLOW, quotedSchema)
  }

  /** Removes what the limits name, and merges what stays of routes' calls; returns 0 at once while another instance prunes. */
  prune({ olderThan, kind, maxBytes }: RetentionLimits): Promise<number> {
    return this.#alone(async () => {
      const aged = olderThan === undefined ? 0 : await this.#removeOlder(olderThan, kind)
      const removed = aged + (maxBytes === undefined ? 0 : await this.#shrink(maxBytes))
      await this.#routeHours.mergeOver()
      return removed
    })
  }

  /** Holds a lock during the work: of a transaction that is open as long, so that the lock ends with its connection. */
  #alone(work: () => Promise<number>): Promise<number> {
    return this.#database.transaction(SLOW, async ({ run }) => {
      // Without bound values: with them the server would keep the statement's snapshot as long as the transaction is open, and no
      // VACUUM could remove what is deleted meanwhile.
      const { rows } = await run<{ isMine: boolean }>(
        `SELECT pg_try_advisory_xact_lock(hashtextextended('fastify-scs prune ${this.#quotedSchema}', 0)) AS "isMine"`,
      )
      return rows[0]?.isMine === true ? work() : 0
    })
  }

  async #removeOlder(olderThan: number, kind: RecordKind | undefined): Promise<number> {
    let removed = 0
    for (const partition of await this.#partitions.list()) {
      if (kind !== undefined && partition.kind !== kind) continue
      const beginsAt = partition.day * DAY_MS
      if (beginsAt + DAY_MS <= olderThan) removed += await this.#drop(partition)
      else if (beginsAt < olderThan) removed += await this.#deleteOlder(partition.table, olderThan)
    }
    await this.#forgetHours({ kind, from: 0, to: olderThan })
    await this.#forgetKeys({ kind, from: 0, to: olderThan })
    if (kind !== undefined) return removed
    await this.#deleteOlder('dead_letters', olderThan, 'buried_at')
    await this.#forgetAll((session) =>
      forgetGroups(session, this.#quotedSchema, olderThan, CHUNK_ROWS),
    )
    await this.#forgetAll((session) =>
      forgetHours(session, this.#quotedSchema, olderThan, CHUNK_ROWS),
    )
    await this.#database.transaction(SLOW, (session) =>
      forgetReleases(session, this.#quotedSchema, olderThan),
    )
    return removed
  }

  /** Deletes in small chunks, so that nobody waits for a row and no transaction is long. */
  async #deleteOlder(table: string, olderThan: number, column = 'created_at'): Promise<number> {
    const name = `${this.#quotedSchema}.${table}`
    for (let removed = 0; ; ) {
      const { rowCount } = await this.#database.transaction(SLOW, ({ run }) =>
        run(
          `DELETE FROM ${name} WHERE ctid = ANY (ARRAY(
             SELECT ctid FROM ${name} WHERE ${column} < $1 LIMIT ${CHUNK_ROWS}))`,
          [timestampOf(olderThan)],
        ),
      )
      removed += rowCount ?? 0
      if ((rowCount ?? 0) < CHUNK_ROWS) return removed
    }
  }

  /** Forgets what was merged of minutes that are removed. */
  async #forgetHours({ kind, from, to }: KeyRange): Promise<void> {
    if (kind === undefined || kind === 'route_stats') await this.#routeHours.forget(from, to)
  }

  #forgetKeys(range: KeyRange): Promise<void> {
    return this.#forgetAll((session) => forgetKeys(session, this.#quotedSchema, range, CHUNK_ROWS))
  }

  /** Removes the keys of a trimmed day's records that are gone: those up to its oldest record. */
  async #forgetTrimmedKeys({ kind, day, table }: Partition): Promise<void> {
    const { rows } = await this.#database.transaction(SLOW, ({ run }) =>
      run<{ oldest: number | null }>(
        `SELECT ${millisecondsOf('min(created_at)')} AS oldest FROM ${this.#quotedSchema}.${table}`,
      ),
    )
    const from = day * DAY_MS
    await this.#forgetKeys({ kind, from, to: rows[0]?.oldest ?? from + DAY_MS })
  }

  /** Runs something that removes a chunk until there is less than one. */
  async #forgetAll(forget: (session: Session) => Promise<number>): Promise<void> {
    let forgotten: number
    do {
      forgotten = await this.#database.transaction(SLOW, forget)
    } while (forgotten === CHUNK_ROWS)
  }

  /** Removes whole days, the oldest first; of the newest day that has records, the oldest records. */
  async #shrink(maxBytes: number): Promise<number> {
    let removed = 0
    for (let trims = 0; trims < MAX_TRIMS; ) {
      const all = await this.#partitions.list()
      const dead = Math.min(await this.#deadLetterBytes(), maxBytes / 10)
      const excess = all.reduce((sum, { bytes }) => sum + bytes, dead) - maxBytes
      if (excess <= 0) return removed
      const newestDay = await this.#newestDay(all)
      if (newestDay === undefined) return removed
      const oldest = all.find(({ day }) => day < newestDay)
      if (oldest !== undefined) {
        const from = oldest.day * DAY_MS
        const range = { kind: oldest.kind, from, to: from + DAY_MS }
        await this.#forgetHours(range)
        removed += await this.#drop(oldest)
        await this.#forgetKeys(range)
      } else {
        const ofDay = all.filter(({ day }) => day === newestDay)
        const from = newestDay * DAY_MS
        await this.#forgetHours({ kind: undefined, from, to: from + DAY_MS })
        removed += await trimDay(this.#database, this.#quotedSchema, ofDay, excess)
        for (const partition of ofDay) await this.#forgetTrimmedKeys(partition)
        trims++
      }
    }
    return removed
  }

  /** Bytes of dead letters, which go by age; at most a tenth of the limit counts, or many of them would push all records out. */
  async #deadLetterBytes(): Promise<number> {
    const { rows } = await this.#database.transaction(SLOW, ({ run }) =>
      run<{ bytes: number }>('SELECT pg_total_relation_size($1::regclass)::float8 AS bytes', [
        `${this.#quotedSchema}.dead_letters`,
      ]),
    )
    return rows[0]?.bytes ?? 0
  }

  /** The newest day that has records; days that are made ahead have none yet. */
  async #newestDay(all: readonly Partition[]): Promise<number | undefined> {
    for (const { table, day } of all.toReversed()) {
      const { rowCount } = await this.#database.transaction(SLOW, ({ run }) =>
        run(`SELECT FROM ${this.#quotedSchema}.${table} LIMIT 1`),
      )
      if (rowCount === 1) return day
    }
    return undefined
  }

  #drop({ table }: Partition): Promise<number> {
    const name = `${this.#quotedSchema}.${table}`
    return withBriefLock(this.#database, async ({ run }) => {
      const { rows } = await run<{ count: number }>(`SELECT count(*)::float8 AS count FROM ${name}`)
      await run(`DROP TABLE ${name}`)
      this.#partitions.forget()
      return rows[0]?.count ?? 0
    })
  }
}

/** Factor of what is removed: indexes do not shrink quite in proportion. */
const MARGIN = 1.1

/**
 * Removes the oldest records of one day until about `excessBytes` are given back to the disk; the same share of each kind.
 * Returns how many records were removed.
 */
export async function trimDay(
  database: Database,
  quotedSchema: string,
  ofDay: readonly MeasuredPartition[],
  excessBytes: number,
): Promise<number> {
  const bytes = ofDay.reduce((sum, partition) => sum + partition.bytes, 0)
  const share = Math.min(1, (excessBytes / bytes) * MARGIN)
  let removed = 0
  for (const { table } of ofDay) {
    removed += await withBriefLock(database, (session) => {
      return keepNewest(session, `${quotedSchema}.${table}`, 1 - share)
    })
  }
  return removed
}

/**
 * Rewrites a table with a share of its records. Not by DELETE and VACUUM FULL, which gives no space back while an older
 * transaction runs: the size would stay, and the next pruning would delete again.
 */
async function keepNewest({ run }: Session, name: string, share: number): Promise<number> {
  await run(`LOCK TABLE ${name} IN ACCESS EXCLUSIVE MODE`)
  const { rows } = await run<{ count: number }>(`SELECT count(*)::float8 AS count FROM ${name}`)
  const count = rows[0]?.count ?? 0
  const kept = Math.floor(count * share)
  if (kept === count) return 0
  // Not a temporary table: the user might lack the right to make one.
  const copy = `${name}_kept`
  await run(`CREATE UNLOGGED TABLE ${copy} AS
    SELECT * FROM ${name} ORDER BY created_at DESC, id DESC LIMIT ${kept}`)
  await run(`TRUNCATE ${name}`)
  await run(`INSERT INTO ${name} SELECT * FROM ${copy}`)
  await run(`DROP TABLE ${copy}`)
  return count - kept
}
