import { withBriefLock } from './brief-lock.js'
import type { Database, Session } from './database.js'
import type { MeasuredPartition } from './partitions.js'

/** A little more goes than the size asks for, since indexes do not shrink quite in proportion. */
const MARGIN = 1.1

/**
 * Removes the oldest records of one day until about `excessBytes` are given back to the disk; all kinds give the
 * same share. Returns how many records went.
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
 * Writes a table anew with a share of its records. Not by DELETE and VACUUM FULL, which gives no space back while any
 * older transaction runs: the size would stay, and the next prune would delete again.
 */
async function keepNewest({ run }: Session, name: string, share: number): Promise<number> {
  await run(`LOCK TABLE ${name} IN ACCESS EXCLUSIVE MODE`)
  const { rows } = await run<{ count: number }>(`SELECT count(*)::float8 AS count FROM ${name}`)
  const count = rows[0]?.count ?? 0
  const kept = Math.floor(count * share)
  if (kept === count) return 0
  // Not a temporary table, for which the user would need a right of its own.
  const copy = `${name}_kept`
  await run(`CREATE UNLOGGED TABLE ${copy} AS
    SELECT * FROM ${name} ORDER BY created_at DESC, id DESC LIMIT ${kept}`)
  await run(`TRUNCATE ${name}`)
  await run(`INSERT INTO ${name} SELECT * FROM ${copy}`)
  await run(`DROP TABLE ${copy}`)
  return count - kept
}
