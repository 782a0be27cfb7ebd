-- The schema of version 2, as it was released: its statements never change.
CREATE TABLE integration_requests (
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
CREATE INDEX integration_requests_time ON integration_requests (created_at, service, status, level, status_code, duration_ms);
CREATE INDEX integration_requests_service ON integration_requests (service, created_at) WHERE service IS NOT NULL;
CREATE INDEX integration_requests_status ON integration_requests (status, created_at) WHERE status IS NOT NULL;
CREATE INDEX integration_requests_status_code ON integration_requests (status_code, created_at) WHERE status_code IS NOT NULL;
CREATE INDEX integration_requests_fingerprint ON integration_requests (fingerprint, created_at) WHERE fingerprint IS NOT NULL;
CREATE INDEX integration_requests_level ON integration_requests (level, created_at) WHERE level IS NOT NULL;
CREATE INDEX integration_requests_request_id ON integration_requests (request_id, created_at) WHERE request_id IS NOT NULL;
CREATE INDEX integration_requests_reference_type ON integration_requests (reference_type, created_at) WHERE reference_type IS NOT NULL;
CREATE INDEX integration_requests_reference_id ON integration_requests (reference_id, created_at) WHERE reference_id IS NOT NULL;
CREATE INDEX integration_requests_user ON integration_requests (user, created_at) WHERE user IS NOT NULL;
CREATE TABLE reports (
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
CREATE INDEX reports_time ON reports (created_at, service, status, level, status_code, duration_ms);
CREATE INDEX reports_service ON reports (service, created_at) WHERE service IS NOT NULL;
CREATE INDEX reports_status ON reports (status, created_at) WHERE status IS NOT NULL;
CREATE INDEX reports_status_code ON reports (status_code, created_at) WHERE status_code IS NOT NULL;
CREATE INDEX reports_fingerprint ON reports (fingerprint, created_at) WHERE fingerprint IS NOT NULL;
CREATE INDEX reports_level ON reports (level, created_at) WHERE level IS NOT NULL;
CREATE INDEX reports_request_id ON reports (request_id, created_at) WHERE request_id IS NOT NULL;
CREATE INDEX reports_reference_type ON reports (reference_type, created_at) WHERE reference_type IS NOT NULL;
CREATE INDEX reports_reference_id ON reports (reference_id, created_at) WHERE reference_id IS NOT NULL;
CREATE INDEX reports_user ON reports (user, created_at) WHERE user IS NOT NULL;
CREATE TABLE audit_events (
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
CREATE INDEX audit_events_time ON audit_events (created_at, service, status, level, status_code, duration_ms);
CREATE INDEX audit_events_service ON audit_events (service, created_at) WHERE service IS NOT NULL;
CREATE INDEX audit_events_status ON audit_events (status, created_at) WHERE status IS NOT NULL;
CREATE INDEX audit_events_status_code ON audit_events (status_code, created_at) WHERE status_code IS NOT NULL;
CREATE INDEX audit_events_fingerprint ON audit_events (fingerprint, created_at) WHERE fingerprint IS NOT NULL;
CREATE INDEX audit_events_level ON audit_events (level, created_at) WHERE level IS NOT NULL;
CREATE INDEX audit_events_request_id ON audit_events (request_id, created_at) WHERE request_id IS NOT NULL;
CREATE INDEX audit_events_reference_type ON audit_events (reference_type, created_at) WHERE reference_type IS NOT NULL;
CREATE INDEX audit_events_reference_id ON audit_events (reference_id, created_at) WHERE reference_id IS NOT NULL;
CREATE INDEX audit_events_user ON audit_events (user, created_at) WHERE user IS NOT NULL;
CREATE TABLE dead_letters (
  id TEXT PRIMARY KEY NOT NULL,
  buried_at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  reason TEXT NOT NULL,
  record TEXT NOT NULL
) STRICT;
CREATE TABLE leases (name TEXT PRIMARY KEY NOT NULL, owner TEXT NOT NULL, until INTEGER NOT NULL) STRICT;
PRAGMA application_id = 1396921203;
CREATE TABLE report_groups (
  fingerprint TEXT PRIMARY KEY NOT NULL,
  occurrences INTEGER NOT NULL,
  first_seen_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  streak INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  suppressed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX report_groups_seen ON report_groups (last_seen_at);
PRAGMA user_version = 2;
