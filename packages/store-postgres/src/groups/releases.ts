import type { Release } from '@fastify-scs/store/adapter'
import type { Question, Session, Statement } from '../database.js'
import { millisecondsOf, timestampOf } from '../schema/day.js'

const READ = `release, ${millisecondsOf('first_seen_at')} AS "firstSeenAt",
  ${millisecondsOf('last_seen_at')} AS "lastSeenAt"`

/** The one that began last first. */
const NEWEST_FIRST = 'ORDER BY first_seen_at DESC, release DESC'

/** The statement that notes releases; the first and the last time of each are kept. */
export function noteReleases(quotedSchema: string, releases: readonly Release[]): Statement {
  // In one order, or two instances would block each other.
  const ordered = [...releases].sort((one, other) => (one.release < other.release ? -1 : 1))
  return {
    text: `
      INSERT INTO ${quotedSchema}.releases AS kept (release, first_seen_at, last_seen_at)
      SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[])
      ON CONFLICT (release) DO UPDATE
      SET first_seen_at = least(kept.first_seen_at, excluded.first_seen_at),
        last_seen_at = greatest(kept.last_seen_at, excluded.last_seen_at)`,
    values: [
      ordered.map(({ release }) => release),
      ordered.map(({ firstSeenAt }) => timestampOf(firstSeenAt)),
      ordered.map(({ lastSeenAt }) => timestampOf(lastSeenAt)),
    ],
  }
}

/** The releases that were noted, the one that began last first. */
export async function listReleases(
  { run }: Session,
  quotedSchema: string,
  limit: number,
): Promise<readonly Release[]> {
  const { rows } = await run<Release & Record<string, unknown>>(
    `SELECT ${READ} FROM ${quotedSchema}.releases ${NEWEST_FIRST} LIMIT $1`,
    [limit],
  )
  return rows
}

/** Asks for the release that began last. */
export function askNewestRelease(
  quotedSchema: string,
  tell: (release: string | null) => void,
): Question {
  return {
    text: `SELECT release FROM ${quotedSchema}.releases ${NEWEST_FIRST} LIMIT 1`,
    values: [],
    read: ([row]) => tell(row?.release ?? null),
  }
}

/** Asks for some releases, and for those that groups are resolved in. */
export function askReleases(
  quotedSchema: string,
  releases: readonly string[],
  fingerprints: readonly string[],
  tell: (release: Release) => void,
): Question {
  return {
    text: `SELECT ${READ} FROM ${quotedSchema}.releases
      WHERE release = ANY ($1::text[]) OR release = ANY (ARRAY(
        SELECT resolved_in FROM ${quotedSchema}.report_groups
        WHERE fingerprint = ANY ($2::text[]) AND resolved_in IS NOT NULL))`,
    values: [releases, fingerprints],
    read: (rows) => {
      for (const row of rows) tell(row as Release)
    },
  }
}

/** Removes releases that were not seen since a time, but for those that a group is resolved in, or was before it regressed. */
export async function forgetReleases(
  { run }: Session,
  quotedSchema: string,
  before: number,
): Promise<void> {
  await run(
    `DELETE FROM ${quotedSchema}.releases WHERE release = ANY (ARRAY(
       SELECT release FROM ${quotedSchema}.releases AS old
       WHERE last_seen_at < $1
         AND NOT EXISTS (SELECT FROM ${quotedSchema}.report_groups WHERE resolved_in = old.release)
       FOR UPDATE SKIP LOCKED))`,
    [timestampOf(before)],
  )
}
