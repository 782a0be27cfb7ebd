/** One step of the schema; it never changes once it is published, the next step is added after it. */
export interface Migration {
  readonly version: number
  readonly name: string
  /** The statements; `schema` is in quotes. */
  readonly sql: (schema: string) => string
}

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

/** Indexes of a parent, which days to come are given. */
function indexesOnly(table: string, keys: readonly string[]): string {
  return keys
    .map((key) => `CREATE INDEX ON ONLY ${table} (${key}, created_at) WHERE ${key} IS NOT NULL;`)
    .join('\n')
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

const TRACED = ['route', 'release', 'trace_id']

/**
 * What the console looks at: where a record came from, what was decided about groups of reports, how often and to whom they
 * happened, the calls of routes, and the releases. As in the step before, existing days get their indexes afterwards.
 */
export const looking: Migration = {
  version: 4,
  name: 'looking',
  sql: (schema) =>
    [
      ...KINDS.map((kind) => traced(`${schema}.${kind}`)),
      routeStats(`${schema}.route_stats`),
      routeHours(schema),
      groupDecisions(schema),
      releases(schema),
    ].join('\n'),
}

function traced(table: string): string {
  return `
    ALTER TABLE ${table} ${TRACED.map((key) => `ADD COLUMN ${key} text`).join(', ')};
    ${indexesOnly(table, TRACED)}`
}

/** With the columns of all records, so that one statement writes every kind, and few indexes: only time and route are asked for. */
function routeStats(table: string): string {
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
      key text,
      remote_id text,
      method text,
      direction text,
      stamps json,
      body_words text[] COLLATE "C",
      route text,
      release text,
      trace_id text,
      PRIMARY KEY (id, created_at)
    ) PARTITION BY RANGE (created_at);
    CREATE INDEX ON ${table} (created_at);
    CREATE INDEX ON ${table} (route, created_at) WHERE route IS NOT NULL;`
}

/** The calls of hours that are over, merged; an hour that is named is merged as a whole. */
function routeHours(schema: string): string {
  return `
    CREATE TABLE ${schema}.route_hours (hour timestamptz PRIMARY KEY);
    CREATE TABLE ${schema}.route_hour_calls (
      hour timestamptz NOT NULL REFERENCES ${schema}.route_hours ON DELETE CASCADE,
      route text NOT NULL,
      service text,
      data json NOT NULL
    );
    CREATE INDEX ON ${schema}.route_hour_calls (hour, route);`
}

/**
 * The version before may remove a group, and knows nothing of what is counted beside it: hence the references, which also say that a
 * group's row is locked before what belongs to it.
 */
function groupDecisions(schema: string): string {
  const group = `fingerprint text NOT NULL REFERENCES ${schema}.report_groups ON DELETE CASCADE`
  return `
    ALTER TABLE ${schema}.report_groups
      ADD COLUMN status text NOT NULL DEFAULT 'open',
      ADD COLUMN title text,
      ADD COLUMN search_title text,
      ADD COLUMN kind text,
      ADD COLUMN users integer NOT NULL DEFAULT 0,
      ADD COLUMN first_release text,
      ADD COLUMN last_release text,
      ADD COLUMN resolved_in text,
      ADD COLUMN resolved_at timestamptz,
      ADD COLUMN muted_until timestamptz,
      ADD COLUMN muted_until_occurrences bigint,
      ADD COLUMN reason text,
      ADD COLUMN assignee text,
      ADD COLUMN note text,
      ADD COLUMN revision bigint NOT NULL DEFAULT 0,
      ADD COLUMN changed_at timestamptz,
      ADD COLUMN changed_by text;
    CREATE TABLE ${schema}.group_hours (
      ${group},
      hour timestamptz NOT NULL,
      occurrences bigint NOT NULL,
      PRIMARY KEY (fingerprint, hour)
    ) WITH (fillfactor = 70);
    CREATE INDEX ON ${schema}.group_hours (hour);
    CREATE TABLE ${schema}.group_users (
      ${group},
      digest text NOT NULL,
      PRIMARY KEY (fingerprint, digest)
    );`
}

function releases(schema: string): string {
  return `
    CREATE TABLE ${schema}.releases (
      release text PRIMARY KEY,
      first_seen_at timestamptz NOT NULL,
      last_seen_at timestamptz NOT NULL
    ) WITH (fillfactor = 70);`
}

/** Every step, in order. */
export const migrations: readonly Migration[] = [records, reportGroups, livingRecords, looking]

/** The version of the schema that this code reads and writes. */
export const SCHEMA_VERSION: number = migrations.length
