import { indexesOnly, KINDS, type Migration } from './migration.js'

const TRACED = ['route', 'release', 'trace_id']

/** Kinds that are asked for by service and status at once. */
const COUNTED_TOGETHER = ['integration_requests', 'reports']

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
      ...COUNTED_TOGETHER.map((kind) => together(schema, kind)),
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

/**
 * Which services have which status, for the planner: else it looks for the failed calls of a service that never fails along the time, and
 * reads every call. Costs nothing when a record is written; days are given their own when they are made.
 */
function together(schema: string, kind: string): string {
  return `CREATE STATISTICS ${schema}.${kind}_service_status (mcv) ON service, status FROM ${schema}.${kind};`
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
