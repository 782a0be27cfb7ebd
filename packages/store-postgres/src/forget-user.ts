import {
  type ForgetProgress,
  type ForgetStep,
  type RecordKind,
  userDigest,
  userOfDeadLetter,
} from '@fastify-scs/store/adapter'
import type { Session } from './database.js'

/** Dead letters that are read at a time. */
const LETTERS = 100

const IS_MEANT = 'id = ANY ($1::uuid[]) AND created_at = ANY ($2::timestamptz[])'

interface RecordPlace {
  readonly id: string
  readonly createdAt: string
}

interface DeadLetter {
  readonly kind: string
  readonly id: string
  readonly record: string
}

/** Does one step of forgetting a user, in a transaction of the caller's. What removed rows leave behind goes with PostgreSQL's VACUUM. */
export async function forgetUser(
  session: Session,
  quotedSchema: string,
  { user, part, pseudonym, limit }: ForgetStep,
): Promise<ForgetProgress> {
  if (part === 'traces') return { rows: 0, isDone: true }
  if (part === 'groups') return forgetInGroups(session, quotedSchema, { user, pseudonym, limit })
  if (part !== 'dead_letters') return removeRecords(session, `${quotedSchema}.`, part, user, limit)
  const rows = await removeDeadLetters(session, quotedSchema, user, limit)
  return { rows, isDone: rows < limit }
}

async function removeRecords(
  { run }: Session,
  schemaDot: string,
  kind: RecordKind,
  user: string,
  limit: number,
): Promise<ForgetProgress> {
  const { rows: meant } = await run<RecordPlace>(
    `SELECT id, created_at::text AS "createdAt" FROM ${schemaDot}${kind} WHERE user_id = $1 LIMIT ${limit}`,
    [user],
  )
  if (meant.length === 0) return { rows: 0, isDone: true }
  // With the times as values the server looks only into the days that they are of. Whoever writes locks the rows in this order as well,
  // and then the keys; a row that is another user's by now stays.
  const { rows } = await run<RecordPlace>(
    `SELECT id, created_at::text AS "createdAt" FROM ${schemaDot}${kind}
     WHERE ${IS_MEANT} AND user_id = $3 ORDER BY id FOR UPDATE`,
    [...placesOf(meant), user],
  )
  const places = placesOf(rows)
  // A record's key is released with the record, or no other one could have it.
  await run(
    `DELETE FROM ${schemaDot}record_keys WHERE (kind, digest) IN (
       SELECT kind, digest FROM ${schemaDot}record_keys WHERE kind = $3 AND ${IS_MEANT}
       ORDER BY digest FOR UPDATE)`,
    [...places, kind],
  )
  await run(`DELETE FROM ${schemaDot}${kind} WHERE ${IS_MEANT}`, places)
  return { rows: rows.length, isDone: meant.length < limit }
}

function placesOf(rows: readonly RecordPlace[]): [string[], string[]] {
  return [rows.map(({ id }) => id), [...new Set(rows.map(({ createdAt }) => createdAt))]]
}

/**
 * Removes dead letters of a user. Their JSON is read here and not by the server: the server refuses the whole query for one letter
 * with what it does not take, such as half a surrogate pair, which may be why it is one.
 */
async function removeDeadLetters(
  { run }: Session,
  quotedSchema: string,
  user: string,
  limit: number,
): Promise<number> {
  const table = `${quotedSchema}.dead_letters`
  // As JSON has it. A replaced character may be another one there, so that all letters are read.
  const said = user.includes('\ufffd') ? '' : JSON.stringify(user).slice(1, -1)
  let after = { kind: '', id: '' }
  let removed = 0
  for (;;) {
    const { rows } = await run<DeadLetter>(
      `SELECT kind, id, record FROM ${table} WHERE strpos(record, $1) > 0 AND (kind, id) > ($2, $3)
       ORDER BY kind, id LIMIT ${LETTERS}`,
      [said, after.kind, after.id],
    )
    const own = rows.filter(({ record }) => userOf(record) === user).slice(0, limit - removed)
    if (own.length > 0)
      await run(
        `DELETE FROM ${table} USING unnest($1::text[], $2::text[]) AS own (of_kind, of_id)
         WHERE kind = of_kind AND id = of_id`,
        [own.map(({ kind }) => kind), own.map(({ id }) => id)],
      )
    removed += own.length
    const last = rows.at(-1)
    if (last === undefined || rows.length < LETTERS || removed === limit) return removed
    after = last
  }
}

function userOf(json: string): string | undefined {
  try {
    return userOfDeadLetter(JSON.parse(json))
  } catch {
    return undefined
  }
}

/** A group's row is locked before what belongs to it, as where groups are counted. */
async function forgetInGroups(
  { run }: Session,
  quotedSchema: string,
  { user, pseudonym, limit }: Omit<ForgetStep, 'part'>,
): Promise<ForgetProgress> {
  const groups = `${quotedSchema}.report_groups`
  const people = `${quotedSchema}.group_users`
  const digest = userDigest(user)
  const { rows } = await run<{ isAffected: boolean; isDecided: boolean; fingerprint: string }>(
    `SELECT fingerprint,
       EXISTS (SELECT FROM ${people} AS one WHERE one.fingerprint = kept.fingerprint AND digest = $1) AS "isAffected",
       (assignee = $2 OR changed_by = $2) IS TRUE AS "isDecided"
     FROM ${groups} AS kept
     WHERE assignee = $2 OR changed_by = $2
       OR fingerprint IN (SELECT fingerprint FROM ${people} WHERE digest = $1)
     ORDER BY fingerprint LIMIT ${limit} FOR UPDATE OF kept`,
    [digest, user],
  )
  const affected = rows.filter(({ isAffected }) => isAffected).map((row) => row.fingerprint)
  const decided = rows.filter(({ isDecided }) => isDecided).map((row) => row.fingerprint)
  if (affected.length > 0)
    await run(
      `WITH gone AS (DELETE FROM ${people} WHERE fingerprint = ANY ($1) AND digest = $2 RETURNING fingerprint)
       UPDATE ${groups} AS kept SET users = greatest(0, users - 1)
       FROM gone WHERE kept.fingerprint = gone.fingerprint`,
      [affected, digest],
    )
  if (decided.length > 0)
    await run(
      `UPDATE ${groups} SET assignee = nullif(assignee, $2), revision = revision + 1,
         changed_by = CASE changed_by WHEN $2 THEN $3 ELSE changed_by END
       WHERE fingerprint = ANY ($1)`,
      [decided, user, pseudonym],
    )
  return { rows: affected.length + decided.length, isDone: rows.length < limit }
}
