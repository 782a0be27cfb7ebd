import {
  countSighting,
  type Group,
  type GroupRules,
  type GroupSighting,
  type GroupState,
} from '@fastify-scs/store/adapter'
import type { Session } from './database.js'
import { millisecondsOf, timestampOf } from './schema/day.js'

/**
 * Adds sightings to their groups in the session's transaction, and tells for each how its group stands.
 *
 * The rows are locked until the end of the transaction, so the rule that all databases share can be applied here.
 */
export async function countGroups(
  session: Session,
  quotedSchema: string,
  sightings: readonly GroupSighting[],
  rules: GroupRules,
): Promise<readonly GroupState[]> {
  const table = `${quotedSchema}.report_groups`
  const groups = await lockGroups(session, table, sightings)
  const states = sightings.map((sighting) => {
    const { fingerprint } = sighting
    const { kept, told } = countSighting(groups.get(fingerprint), sighting, rules)
    groups.set(fingerprint, kept)
    return told
  })
  await keepGroups(session, table, [...groups.values()])
  return states
}

/** Removes groups that were not seen since a time, up to a limit; returns how many. */
export async function forgetGroups(
  { run }: Session,
  quotedSchema: string,
  notSeenSince: number,
  limit: number,
): Promise<number> {
  const table = `${quotedSchema}.report_groups`
  // An instance that counts holds locks and waits for more; waiting for one of them here, with locks held, might be a deadlock.
  const { rowCount } = await run(
    `DELETE FROM ${table} WHERE fingerprint = ANY (ARRAY(
       SELECT fingerprint FROM ${table} WHERE last_seen_at < $1 LIMIT ${limit} FOR UPDATE SKIP LOCKED))`,
    [timestampOf(notSeenSince)],
  )
  return rowCount ?? 0
}

/** Locks groups, also those that do not exist yet, so that nobody else counts them; returns those that exist, by fingerprint. */
async function lockGroups(
  { run }: Session,
  table: string,
  sightings: readonly GroupSighting[],
): Promise<Map<string, Group>> {
  // In one order, or two instances would block each other.
  const keys = [...new Set(sightings.map(({ fingerprint }) => fingerprint))].sort()
  // An update that changes nothing takes the lock, and sees what was committed while it waited for it.
  const { rows } = await run<Group & { readonly isNew: boolean }>(
    `INSERT INTO ${table} AS kept
       (fingerprint, occurrences, first_seen_at, last_seen_at, streak, due_at, suppressed)
     SELECT key, 0, 'epoch', 'epoch', 0, 0, 0 FROM unnest($1::text[]) AS key
     ON CONFLICT (fingerprint) DO UPDATE SET due_at = kept.due_at
     RETURNING fingerprint, occurrences::float8, ${millisecondsOf('first_seen_at')} AS "firstSeenAt",
       ${millisecondsOf('last_seen_at')} AS "lastSeenAt", streak::float8, due_at::float8 AS "dueAt",
       suppressed::float8, due_at = 0 AS "isNew"`,
    [keys],
  )
  const known = rows.filter(({ isNew }) => !isNew)
  return new Map(known.map(({ isNew: _, ...group }) => [group.fingerprint, group]))
}

async function keepGroups(
  { run }: Session,
  table: string,
  groups: readonly Group[],
): Promise<void> {
  await run(
    `UPDATE ${table} AS kept
     SET occurrences = counted.occurrences, first_seen_at = counted.first_seen_at,
       last_seen_at = counted.last_seen_at, streak = counted.streak, due_at = counted.due_at,
       suppressed = counted.suppressed
     FROM unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::bigint[], $6::bigint[], $7::bigint[])
       AS counted (fingerprint, occurrences, first_seen_at, last_seen_at, streak, due_at, suppressed)
     WHERE kept.fingerprint = counted.fingerprint`,
    [
      groups.map(({ fingerprint }) => fingerprint),
      groups.map(({ occurrences }) => occurrences),
      groups.map(({ firstSeenAt }) => timestampOf(firstSeenAt)),
      groups.map(({ lastSeenAt }) => timestampOf(lastSeenAt)),
      groups.map(({ streak }) => streak),
      groups.map(({ dueAt }) => dueAt),
      groups.map(({ suppressed }) => suppressed),
    ],
  )
}
