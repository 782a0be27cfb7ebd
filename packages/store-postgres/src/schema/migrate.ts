import { NotAStoreError, SchemaTooNewError } from '@fastify-scs/store/adapter'
import { withBriefLock } from '../brief-lock.js'
import type { Database, Session } from '../database.js'
import { isThere } from '../database.js'
import { ENGINE } from '../fault.js'
import type { Target } from '../target.js'
import { migrations, SCHEMA_VERSION } from './migrations.js'

const OLDEST_SERVER = 140_000

const LIMITS = { statementMs: 60_000 }

/**
 * Brings the schema up to date; of many instances that start at once one does it, the others wait for it.
 *
 * @throws SchemaTooNewError, NotAStoreError; and what the server answers
 */
export async function migrate(database: Database, target: Target): Promise<void> {
  const version = await database.transaction(LIMITS, async (session) => {
    await checkServer(session, target)
    return readVersion(session, target)
  })
  // A user without the right to create tables can still start on a schema that is up to date.
  if (version === SCHEMA_VERSION) return
  // Instances of the version before may be at work: waiting long for their tables would make them wait too.
  await withBriefLock(database, (session) => applyAll(session, target))
}

/**
 * Checks the schema without changing anything.
 *
 * @throws SchemaTooNewError, NotAStoreError; and what the server answers
 */
export async function checkSchema(database: Database, target: Target): Promise<void> {
  const version = await database.transaction({ ...LIMITS, isReadOnly: true }, async (session) => {
    await checkServer(session, target)
    return readVersion(session, target)
  })
  if (version === SCHEMA_VERSION) return
  const reason =
    version === 0
      ? 'it holds no store'
      : `it has version ${version}, and version ${SCHEMA_VERSION} is needed: start an application of this version once that may write`
  throw new NotAStoreError(ENGINE, `the schema "${target.schema}" of ${target.place}`, reason)
}

async function checkServer(session: Session, target: Target): Promise<void> {
  const { rows } = await session.run<{ version: number; name: string }>(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS name`,
  )
  const [server] = rows
  if (server === undefined || server.version >= OLDEST_SERVER) return
  const reason = `it is PostgreSQL ${server.name}, and 14 or newer is needed`
  throw new NotAStoreError(ENGINE, target.place, reason)
}

async function readVersion(session: Session, target: Target): Promise<number> {
  if (!(await isThere(session, target.schema, 'migrations'))) return 0
  const { rows } = await session.run<{ version: number | null }>(
    `SELECT max(version) AS version FROM ${target.quotedSchema}.migrations`,
  )
  const version = rows[0]?.version ?? 0
  if (version > SCHEMA_VERSION) throw new SchemaTooNewError(ENGINE, version, SCHEMA_VERSION)
  return version
}

async function applyAll(session: Session, target: Target): Promise<void> {
  await lockSchema(session, target.schema)
  const version = await readVersion(session, target)
  if (version === 0) await createMigrationsTable(session, target)
  for (const migration of migrations.slice(version)) {
    await session.run(migration.sql(target.quotedSchema))
    await session.run(
      `INSERT INTO ${target.quotedSchema}.migrations (version, name) VALUES ($1, $2)`,
      [migration.version, migration.name],
    )
  }
}

/** Locks the schema: until the end of the transaction no other instance changes it. */
export async function lockSchema({ run }: Session, schema: string): Promise<void> {
  await run(`SELECT pg_advisory_xact_lock(hashtextextended('fastify-scs migrate ' || $1, 0))`, [
    schema,
  ])
}

async function createMigrationsTable(
  session: Session,
  { schema, quotedSchema }: Target,
): Promise<void> {
  const { rowCount } = await session.run('SELECT FROM pg_namespace WHERE nspname = $1', [schema])
  // CREATE SCHEMA IF NOT EXISTS would ask for the right to create one even where it is there.
  if (rowCount === 0) await session.run(`CREATE SCHEMA ${quotedSchema}`)
  await session.run(`
    CREATE TABLE IF NOT EXISTS ${quotedSchema}.migrations (
      version integer PRIMARY KEY,
      name text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    )`)
}
