/** The statement for groups as they are kept, to which conditions are added; what only an earlier version has counted is open. */
export const GROUP_SQL: string = `SELECT report_groups.fingerprint AS fingerprint, occurrences,
  first_seen_at AS firstSeenAt, last_seen_at AS lastSeenAt, streak, due_at AS dueAt, suppressed,
  coalesce(title, report_groups.fingerprint) AS title, kind, coalesce(status, 'open') AS status,
  first_release AS firstRelease, last_release AS lastRelease, resolved_in AS resolvedIn,
  resolved_at AS resolvedAt, muted_until AS mutedUntil, muted_until_occurrences AS mutedUntilOccurrences,
  reason, assignee, note, coalesce(revision, 0) AS revision, changed_at AS changedAt, changed_by AS changedBy
  FROM report_groups LEFT JOIN group_details ON group_details.fingerprint = report_groups.fingerprint`

/** The statement for releases, the one that began last first. */
export const RELEASES_SQL: string = `SELECT release, first_seen_at AS firstSeenAt, last_seen_at AS lastSeenAt
  FROM releases ORDER BY first_seen_at DESC, release DESC LIMIT ?`
