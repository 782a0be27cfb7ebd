import { useMemo } from 'preact/hooks'
import { Link } from 'wouter-preact'
import type { RecordRow } from '../../src/api/model.js'
import { StatusBadge } from '../components/badge.js'
import { exactText } from '../components/time-text.js'
import { readTitle } from '../groups/group-title.js'
import { pathOfRecord } from '../shell/paths.js'

const KINDS: Readonly<Record<RecordRow['kind'], string>> = {
  reports: 'Report',
  integration_requests: 'Call',
  audit_events: 'Event',
}

/** A record of the live tail on one line. */
export function LiveRow({ row }: { row: RecordRow }) {
  // Hundreds of rows stay as they are while one comes on top: an unchanged element is not compared again.
  return useMemo(
    () => (
      <li class="live-row">
        <time
          class="time muted"
          dateTime={new Date(row.createdAt).toISOString()}
          title={exactText(row.createdAt)}
        >
          {clockText(row.createdAt)}
        </time>
        <span class="live-kind muted">{KINDS[row.kind]}</span>
        <StatusBadge status={row.kind === 'audit_events' ? row.level : row.status} />
        <Link class="live-title" href={pathOfRecord(row)} data-row="">
          {titleOf(row)}
        </Link>
        <span class="live-who muted">{row.user ?? row.service ?? ''}</span>
      </li>
    ),
    [row],
  )
}

function titleOf(row: RecordRow): string {
  if (row.kind === 'reports') {
    const { headline, endpoint } = readTitle(row.title)
    return `${headline} · ${row.route ?? endpoint ?? ''}`.replace(/ · $/, '')
  }
  if (row.kind === 'audit_events') return row.message === '' ? row.type : row.message
  const code = row.statusCode === null ? '' : ` ${row.statusCode}`
  return `${row.method ?? ''} ${row.url ?? row.description ?? 'call'}${code}`.trim()
}

/** The time of day in the reader's zone: `14:03:07`. */
function clockText(at: number): string {
  const date = new Date(at)
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
}
