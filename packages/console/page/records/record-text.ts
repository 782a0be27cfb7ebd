import type { RecordRow } from '../../src/api/model.js'
import { readTitle } from '../groups/group-title.js'

const KINDS: Readonly<Record<RecordRow['kind'], string>> = {
  reports: 'Report',
  integration_requests: 'Call',
  audit_events: 'Event',
}

/** What one of a kind is called, in a word. */
export function kindLabel({ kind }: RecordRow): string {
  return KINDS[kind]
}

/** What a record's badge says: its status; an audit event has a level instead. */
export function statusOf(record: RecordRow): string {
  return record.kind === 'audit_events' ? record.level : record.status
}

/** One line that says what a record is about. */
export function titleOf(record: RecordRow): string {
  if (record.kind === 'audit_events') return record.message || record.type
  if (record.kind === 'reports') return titleOfReport(record.title, record.route)
  return [record.method, record.url ?? record.description ?? record.service, record.statusCode]
    .filter((part) => part !== null)
    .join(' ')
}

/** What happened and where; the place only once. */
function titleOfReport(title: string, route: string | null): string {
  const { headline, endpoint } = readTitle(title)
  const where = route ?? endpoint
  return where === undefined || headline.startsWith(where) ? headline : `${headline} · ${where}`
}
