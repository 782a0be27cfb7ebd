import { looking } from './looking.js'
import { indexesOnly, KINDS, type Migration } from './migration.js'

const INDEXED_KEYS = [
  'service',
  'status',
  'status_code',
  'fingerprint',
  'level',
  'request_id',
  'reference_id',
  'user_id',
]

/**
 * A table for each kind, partitioned by day, and one for dead letters.
 *
 * `data` is json, not jsonb: it comes back as it was written and is cheaper to insert. The primary key has the
 * time because a partitioned table's must; an id's time never changes. Indexes of keys are partial, so that a kind
 * pays only for the keys that its records have; they end with the time, which pages are ordered by.
 */
export const records: Migration = {
  version: 1,
  name: 'records',
  sql: (schema) =>
    [...KINDS.map((kind) => recordTable(`${schema}.${kind}`)), deadLetters(schema)].join('\n'),
}

function recordTable(table: string): string {
  const indexes = INDEXED_KEYS.map(
    (key) => `CREATE INDEX ON ${table} (${key}, created_at) WHERE ${key} IS NOT NULL;`,
  )
  return `
    CREATE TABLE ${table} (
      created_at timestamptz NOT NULL,
      id uuid NOT NULL,
      revision integer NOT NULL,
      service text,
      status text,
      status_code integer,
      fingerprint text,
      level text,
      request_id text,
      reference_type text,
      reference_id text,
      user_id text,
      duration_ms double precision,
      summary text,
      search_text text,
      data json NOT NULL,
      PRIMARY KEY (id, created_at)
    ) PARTITION BY RANGE (created_at);
    CREATE INDEX ON ${table} (created_at);
    ${indexes.join('\n')}`
}

function deadLetters(schema: string): string {
  return `
    CREATE TABLE ${schema}.dead_letters (
      kind text NOT NULL,
      id text NOT NULL,
      buried_at timestamptz NOT NULL DEFAULT now(),
      reason text NOT NULL,
      record text NOT NULL,
      PRIMARY KEY (kind, id)
    );
    CREATE INDEX ON ${schema}.dead_letters (buried_at);`
}

/**
 * Counts of like reports, which all instances share. Not partitioned: it has one row for each group, which is updated
 * in place. The time is not indexed, since an update that touches no index leaves less behind; `prune` reads it all.
 */
export const reportGroups: Migration = {
  version: 2,
  name: 'report-groups',
  sql: (schema) => `
    CREATE TABLE ${schema}.report_groups (
      fingerprint text PRIMARY KEY,
      occurrences bigint NOT NULL,
      first_seen_at timestamptz NOT NULL,
      last_seen_at timestamptz NOT NULL,
      streak bigint NOT NULL,
      due_at bigint NOT NULL,
      suppressed bigint NOT NULL
    ) WITH (fillfactor = 70);`,
}

/** Those whose values tell few records apart have none: docs/decisions/postgres.md. */
const INDEXED = ['key', 'remote_id']

/**
 * Columns for records that several write, and for what else can be searched by; and who has which key: unique over all
 * days, which no index of a partitioned table can be.
 *
 * The indexes are on the parents only, so that nobody waits while every day is read: new days get them when they are
 * attached, those that are there get them one by one (index-days.ts).
 */
export const livingRecords: Migration = {
  version: 3,
  name: 'living-records',
  sql: (schema) =>
    [...KINDS.map((kind) => widen(`${schema}.${kind}`)), recordKeys(schema)].join('\n'),
}

function widen(table: string): string {
  return `
    ALTER TABLE ${table}
      ADD COLUMN key text,
      ADD COLUMN remote_id text,
      ADD COLUMN method text,
      ADD COLUMN direction text,
      ADD COLUMN stamps json,
      ADD COLUMN body_words text[] COLLATE "C";
    ${indexesOnly(table, INDEXED)}`
}

function recordKeys(schema: string): string {
  return `
    CREATE TABLE ${schema}.record_keys (
      kind text NOT NULL,
      digest bytea NOT NULL,
      id uuid NOT NULL,
      created_at timestamptz NOT NULL,
      PRIMARY KEY (kind, digest)
    );
    CREATE INDEX ON ${schema}.record_keys (created_at);`
}

/** Every step, in order. */
export const migrations: readonly Migration[] = [records, reportGroups, livingRecords, looking]

/** The version of the schema that this code reads and writes. */
export const SCHEMA_VERSION: number = migrations.length
