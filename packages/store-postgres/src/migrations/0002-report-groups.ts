import type { Migration } from './migration.js'

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
