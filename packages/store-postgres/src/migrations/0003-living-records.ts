import type { Migration } from './migration.js'

const KINDS = ['integration_requests', 'reports', 'audit_events']

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
  const indexes = INDEXED.map(
    (key) => `CREATE INDEX ON ONLY ${table} (${key}, created_at) WHERE ${key} IS NOT NULL;`,
  )
  return `
    ALTER TABLE ${table}
      ADD COLUMN key text,
      ADD COLUMN remote_id text,
      ADD COLUMN method text,
      ADD COLUMN direction text,
      ADD COLUMN stamps json,
      ADD COLUMN body_words text[] COLLATE "C";
    ${indexes.join('\n')}`
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
