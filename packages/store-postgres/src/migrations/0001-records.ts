import type { Migration } from './migration.js'

const KINDS = ['integration_requests', 'reports', 'audit_events']

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
