import { RECORD_KINDS } from '@fastify-scs/store/adapter'
import { withBriefLock } from '../brief-lock.js'
import type { Database, Session } from '../database.js'
import { isThere } from '../database.js'
import type { Target } from '../target.js'
import { lockSchema } from './migrate.js'

/** The index of the bodies' words, made by the first start with `searchBodies`. */
const WORDS_INDEX = 'integration_requests_body_words_idx'

/** An index of a parent that one of its days lacks. */
interface MissingIndex {
  readonly parentIndex: string
  readonly table: string
  /** Name of the day's index, made of its table's. */
  readonly name: string
  /** How the parent's index is defined, from the method on. */
  readonly definition: string
}

/** Makes the index of the bodies' words where it is missing: for days to come; existing days get it by `indexDays`. */
export async function indexWords(
  database: Database,
  { schema, quotedSchema }: Target,
): Promise<void> {
  await withBriefLock(database, async (session) => {
    if (await isThere(session, schema, WORDS_INDEX)) return
    await lockSchema(session, schema)
    await session.run(`CREATE INDEX IF NOT EXISTS ${WORDS_INDEX} ON ONLY ${quotedSchema}.integration_requests
      USING gin (body_words) WHERE body_words IS NOT NULL`)
  })
}

/**
 * Adds to older days the indexes that were added later, newest day first; each in a transaction of its own, so that only writes to
 * that day wait. Ends at once while another instance does it.
 */
export async function indexDays(database: Database, target: Target): Promise<void> {
  let hasMore = true
  while (hasMore) hasMore = await withBriefLock(database, (session) => indexOneDay(session, target))
}

async function indexOneDay(session: Session, { schema, quotedSchema }: Target): Promise<boolean> {
  const { rows } = await session.run<{ isMine: boolean }>(
    `SELECT pg_try_advisory_xact_lock(hashtextextended('fastify-scs index ' || $1, 0)) AS "isMine"`,
    [schema],
  )
  if (rows[0]?.isMine !== true) return false
  const missing = await findMissing(session, schema)
  if (missing === undefined) return false
  const { parentIndex, table, name, definition } = missing
  await session.run(`CREATE INDEX "${name}" ON ${quotedSchema}."${table}" ${definition}`)
  await session.run(
    `ALTER INDEX ${quotedSchema}."${parentIndex}" ATTACH PARTITION ${quotedSchema}."${name}"`,
  )
  return true
}

/** An index of a parent is valid once each of its partitions has it. */
async function findMissing({ run }: Session, schema: string): Promise<MissingIndex | undefined> {
  const { rows } = await run<MissingIndex>(
    `SELECT parent_index.relname AS "parentIndex", child.relname AS "table",
       child.relname || substr(parent_index.relname, length(parent.relname) + 1) AS name,
       substring(pg_get_indexdef(indexrelid) FROM 'USING .*') AS definition
     FROM pg_index
       JOIN pg_class parent_index ON parent_index.oid = indexrelid
       JOIN pg_class parent ON parent.oid = indrelid
       JOIN pg_inherits days ON days.inhparent = parent.oid
       JOIN pg_class child ON child.oid = days.inhrelid
     WHERE NOT indisvalid AND parent.relkind = 'p' AND parent.relnamespace = $1::regnamespace
       AND parent.relname = ANY ($2) AND NOT EXISTS (
         SELECT FROM pg_inherits JOIN pg_index of_day ON of_day.indexrelid = inhrelid
         WHERE inhparent = parent_index.oid AND of_day.indrelid = child.oid)
     ORDER BY right(child.relname, 8) DESC, child.relname LIMIT 1`,
    [schema, RECORD_KINDS],
  )
  return rows[0]
}
