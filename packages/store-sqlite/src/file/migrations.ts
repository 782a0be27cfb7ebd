import { NotAStoreError, SchemaTooNewError } from '@fastify-scs/store/adapter'
import type { Connection } from '../driver/driver.js'
import { ENGINE } from '../failure.js'
import { CONSOLE_STEP } from './console-step.js'
import { endTransaction } from './transaction.js'

/** 'SCSs' in ASCII, in the file's header: a store of this package. */
export const APPLICATION_ID = 0x53435373

/** The kinds of records that there were when the first steps were released. */
const FIRST_KINDS = ['integration_requests', 'reports', 'audit_events'] as const

/** Columns of the first step that a filter compares with one value; each has an index of its own. */
const KEY_COLUMNS = [
  'service',
  'status',
  'status_code',
  'fingerprint',
  'level',
  'request_id',
  'reference_type',
  'reference_id',
  'user',
] as const

/** The steps of the schema, in order; a step that was released never changes. */
export const MIGRATIONS: readonly string[] = [
  `${FIRST_KINDS.map(tableOf).join('\n')}
  CREATE TABLE dead_letters (
    id TEXT PRIMARY KEY NOT NULL,
    buried_at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE TABLE leases (name TEXT PRIMARY KEY NOT NULL, owner TEXT NOT NULL, until INTEGER NOT NULL) STRICT;
  PRAGMA application_id = ${APPLICATION_ID};`,
  `CREATE TABLE report_groups (
    fingerprint TEXT PRIMARY KEY NOT NULL,
    occurrences INTEGER NOT NULL,
    first_seen_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    streak INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    suppressed INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX report_groups_seen ON report_groups (last_seen_at);`,
  FIRST_KINDS.map(extraTableOf).join('\n'),
  CONSOLE_STEP,
]

/** The version of the schema that this package makes. */
export const SCHEMA_VERSION: number = MIGRATIONS.length

/**
 * Brings the schema up to date; waits for another process that does.
 *
 * @throws SchemaTooNewError
 */
export function migrate(connection: Connection): void {
  const known = MIGRATIONS.length
  if (versionOf(connection) === known) return
  connection.exec('BEGIN IMMEDIATE')
  endTransaction(connection, () => {
    const found = versionOf(connection)
    if (found > known) throw new SchemaTooNewError(ENGINE, found, known)
    for (const step of MIGRATIONS.slice(found)) connection.exec(step)
    connection.exec(`PRAGMA user_version = ${known}`)
  })
}

/** Refuses a schema that needs steps or has unknown ones. @throws SchemaTooNewError, NotAStoreError */
export function refuseOtherSchema(connection: Connection, path: string): void {
  const [found, known] = [versionOf(connection), MIGRATIONS.length]
  if (found > known) throw new SchemaTooNewError(ENGINE, found, known)
  if (found === known) return
  const what = `its schema has version ${found}, and only reading needs version ${known}`
  throw new NotAStoreError(
    ENGINE,
    path,
    `${what}: a service of this version that writes brings it up to date`,
  )
}

/** The number of steps that the file's schema has had. */
function versionOf(connection: Connection): number {
  return (connection.prepare('PRAGMA user_version').get() as { user_version: number }).user_version
}

function tableOf(kind: string): string {
  const keyIndexes = KEY_COLUMNS.map(
    // Partial: a row costs only the indexes of the keys that it has.
    (column) =>
      `CREATE INDEX ${kind}_${column} ON ${kind} (${column}, created_at) WHERE ${column} IS NOT NULL;`,
  )
  return `CREATE TABLE ${kind} (
    id TEXT PRIMARY KEY NOT NULL,
    created_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    service TEXT,
    status TEXT,
    status_code INTEGER,
    fingerprint TEXT,
    level TEXT,
    request_id TEXT,
    reference_type TEXT,
    reference_id TEXT,
    user TEXT,
    duration_ms REAL,
    summary TEXT,
    search_text TEXT,
    data TEXT NOT NULL
  ) STRICT;
  CREATE INDEX ${kind}_time ON ${kind} (created_at, service, status, level, status_code, duration_ms);
  ${keyIndexes.join('\n  ')}`
}

// A table of its own: to add a column SQLite reads all of a STRICT table, so four of them would take 12 s for 1 GB.
function extraTableOf(kind: string): string {
  return `CREATE TABLE ${kind}_extra (
    record INTEGER PRIMARY KEY NOT NULL,
    key_service TEXT,
    key TEXT,
    remote_id TEXT,
    stamps TEXT
  ) STRICT;
  CREATE UNIQUE INDEX ${kind}_key ON ${kind}_extra (key, key_service) WHERE key IS NOT NULL;
  CREATE INDEX ${kind}_remote_id ON ${kind}_extra (remote_id) WHERE remote_id IS NOT NULL;
  CREATE TRIGGER ${kind}_extra_removed AFTER DELETE ON ${kind}
    BEGIN DELETE FROM ${kind}_extra WHERE record = old.rowid; END;`
}
