const KINDS = ['integration_requests', 'reports', 'audit_events'] as const

/**
 * The step of the schema that the console needs. It adds tables only, and reads none that is there: to add a column SQLite reads
 * all of a STRICT table. What a group got is apart from what is counted of it, so that a process of an earlier version, which
 * replaces the row of a group when it counts, takes nothing away. Released: it never changes.
 */
export const CONSOLE_STEP: string = `
  CREATE TABLE route_stats (
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
  CREATE INDEX route_stats_time ON route_stats (created_at, service, status, level, status_code, duration_ms);
  CREATE TABLE route_stats_extra (
    record INTEGER PRIMARY KEY NOT NULL,
    key_service TEXT,
    key TEXT,
    remote_id TEXT,
    stamps TEXT
  ) STRICT;
  CREATE UNIQUE INDEX route_stats_key ON route_stats_extra (key, key_service) WHERE key IS NOT NULL;
  CREATE INDEX route_stats_remote_id ON route_stats_extra (remote_id) WHERE remote_id IS NOT NULL;
  CREATE TRIGGER route_stats_extra_removed AFTER DELETE ON route_stats
    BEGIN DELETE FROM route_stats_extra WHERE record = old.rowid; END;
  ${[...KINDS, 'route_stats'].map(originTableOf).join('\n  ')}
  CREATE TABLE route_hours (
    hour INTEGER NOT NULL,
    route TEXT NOT NULL,
    service TEXT,
    data TEXT NOT NULL
  ) STRICT;
  CREATE INDEX route_hours_hour ON route_hours (hour, route);
  CREATE TABLE route_hours_done (hour INTEGER PRIMARY KEY NOT NULL) STRICT;
  ${(['INSERT', 'UPDATE', 'DELETE'] as const).map(outdatingTrigger).join('\n  ')}
  CREATE TABLE group_details (
    fingerprint TEXT PRIMARY KEY NOT NULL,
    title TEXT NOT NULL,
    search_title TEXT NOT NULL,
    kind TEXT,
    status TEXT NOT NULL,
    first_release TEXT,
    last_release TEXT,
    resolved_in TEXT,
    resolved_at INTEGER,
    muted_until INTEGER,
    muted_until_occurrences INTEGER,
    reason TEXT,
    assignee TEXT,
    note TEXT,
    revision INTEGER NOT NULL,
    changed_at INTEGER,
    changed_by TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE group_hours (
    fingerprint TEXT NOT NULL,
    hour INTEGER NOT NULL,
    occurrences INTEGER NOT NULL,
    PRIMARY KEY (fingerprint, hour)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX group_hours_hour ON group_hours (hour);
  CREATE TABLE group_users (
    fingerprint TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (fingerprint, digest)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER report_groups_removed AFTER DELETE ON report_groups BEGIN
    DELETE FROM group_details WHERE fingerprint = old.fingerprint;
    DELETE FROM group_hours WHERE fingerprint = old.fingerprint;
    DELETE FROM group_users WHERE fingerprint = old.fingerprint;
  END;
  CREATE TABLE releases (
    release TEXT PRIMARY KEY NOT NULL,
    first_seen_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;`

// `made_at` is created_at of the record: with it a page of a route is read in the order of time without a look at its other rows.
function originTableOf(kind: string): string {
  const indexes = ['route', 'release', 'trace_id'].map(
    (column) => `CREATE INDEX ${kind}_${column} ON ${kind}_origin (${column}, made_at)
      WHERE ${column} IS NOT NULL;`,
  )
  return `CREATE TABLE ${kind}_origin (
    record INTEGER PRIMARY KEY NOT NULL,
    made_at INTEGER NOT NULL,
    route TEXT,
    release TEXT,
    trace_id TEXT
  ) STRICT;
  ${indexes.join('\n  ')}
  CREATE TRIGGER ${kind}_origin_removed AFTER DELETE ON ${kind}
    BEGIN DELETE FROM ${kind}_origin WHERE record = old.rowid; END;`
}

// The sums of an hour are worth nothing once one of its rows is another.
function outdatingTrigger(event: 'INSERT' | 'UPDATE' | 'DELETE'): string {
  const row = event === 'DELETE' ? 'old' : 'new'
  return `CREATE TRIGGER route_stats_${event.toLowerCase()}_outdates AFTER ${event} ON route_stats
    BEGIN DELETE FROM route_hours_done WHERE hour = ${row}.created_at / 3600000; END;
  `
}
