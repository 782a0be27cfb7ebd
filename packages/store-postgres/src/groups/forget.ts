import type { Session } from '../database.js'
import { timestampOf } from '../schema/day.js'

/** What is removed of groups, by age. Whoever holds a lock is skipped: waiting with locks held might be a deadlock. */
type Forget = (
  session: Session,
  quotedSchema: string,
  before: number,
  limit: number,
) => Promise<number>

/** Removes groups that were not seen since a time, with all that belongs to them, up to a limit; returns how many. */
export const forgetGroups: Forget = async ({ run }, quotedSchema, before, limit) => {
  const table = `${quotedSchema}.report_groups`
  const { rowCount } = await run(
    `DELETE FROM ${table} WHERE fingerprint = ANY (ARRAY(
       SELECT fingerprint FROM ${table} WHERE last_seen_at < $1 LIMIT ${limit} FOR UPDATE SKIP LOCKED))`,
    [timestampOf(before)],
  )
  return rowCount ?? 0
}

/** Removes the counts of hours that began before a time, up to a limit; returns how many. */
export const forgetHours: Forget = async ({ run }, quotedSchema, before, limit) => {
  const table = `${quotedSchema}.group_hours`
  const { rowCount } = await run(
    `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM ${table} WHERE hour < $1 LIMIT ${limit} FOR UPDATE SKIP LOCKED))`,
    [timestampOf(before)],
  )
  return rowCount ?? 0
}
