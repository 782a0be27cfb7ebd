import type { ComponentChildren } from 'preact'
import { Link } from 'wouter-preact'
import type { AuditRow, CallRow, RecordRow, ReportRow } from '../../src/api/model.js'
import { CodeBadge, StatusBadge } from '../components/badge.js'
import type { Column } from '../components/record-table.js'
import { Ago, Duration } from '../components/time.js'
import { readTitle } from '../groups/group-title.js'
import { pathOfRecord, paths } from '../shell/paths.js'

/** The link of a row: all of the row leads where it leads, and `j` and `k` focus it. */
export function RowLink({ to, children }: { to: string; children: ComponentChildren }) {
  return (
    <Link href={to} class="row-link clamped" data-row="">
      {children}
    </Link>
  )
}

/** A status with its code, of calls and of reports. */
function statusColumn(label: string): Column<CallRow | ReportRow> {
  return {
    name: 'status',
    label,
    width: 'narrow',
    cell: ({ status, statusCode }) => (
      <span class="badges">
        <StatusBadge status={status} />
        <CodeBadge code={statusCode} />
      </span>
    ),
  }
}

const DURATION: Column<CallRow | ReportRow> = {
  name: 'duration',
  label: 'Took',
  width: 'number',
  cell: ({ durationMs }) => <Duration ms={durationMs} />,
}
const WHEN: Column<RecordRow> = {
  name: 'when',
  label: 'When',
  width: 'number',
  cell: ({ createdAt }) => <Ago at={createdAt} />,
}
const USER: Column<RecordRow> = {
  name: 'user',
  label: 'User',
  cell: ({ user }) => <UserLink user={user} />,
}

/** Integration requests. */
export const CALL_COLUMNS: readonly Column<CallRow>[] = [
  statusColumn('Status'),
  {
    name: 'call',
    label: 'Call',
    width: 'main',
    cell: (row) => (
      <>
        <RowLink to={pathOfRecord(row)}>
          <span class="method">{row.method ?? '–'}</span>
          <span class="url">{row.url ?? row.description ?? 'no address'}</span>
        </RowLink>
        {row.url !== null && row.description !== null && (
          <span class="row-note">{row.description}</span>
        )}
      </>
    ),
  },
  {
    name: 'service',
    label: 'Service',
    cell: ({ service, direction }) => (
      <span class="one-line" title={service ?? ''}>
        {direction === 'in' && <span class="muted">from </span>}
        {service ?? '–'}
      </span>
    ),
  },
  {
    name: 'reference',
    label: 'Record',
    cell: ({ reference }) => <ReferenceLink reference={reference} />,
  },
  DURATION,
  WHEN,
]

/** Reports, with what happened and where apart. */
export const REPORT_COLUMNS: readonly Column<ReportRow>[] = [
  statusColumn('Kind'),
  {
    name: 'title',
    label: 'Report',
    width: 'main',
    cell: (row) => <ReportTitle row={row} />,
  },
  USER,
  {
    name: 'release',
    label: 'Release',
    cell: ({ release }) => release ?? <NoValue />,
  },
  DURATION,
  WHEN,
]

/** Audit events. */
export const AUDIT_COLUMNS: readonly Column<AuditRow>[] = [
  {
    name: 'level',
    label: 'Level',
    width: 'narrow',
    cell: ({ level }) => <StatusBadge status={level} />,
  },
  {
    name: 'message',
    label: 'Event',
    width: 'main',
    cell: (row) => (
      <>
        <RowLink to={pathOfRecord(row)}>{row.message === '' ? row.type : row.message}</RowLink>
        <span class="row-note mono">{row.type}</span>
      </>
    ),
  },
  USER,
  {
    name: 'path',
    label: 'Path',
    cell: ({ path }) =>
      path === null ? (
        <NoValue />
      ) : (
        <span class="one-line mono" title={path}>
          {path}
        </span>
      ),
  },
  WHEN,
]

/** What was reported, and where. */
function ReportTitle({ row }: { row: ReportRow }) {
  const { headline, endpoint, code } = readTitle(row.title)
  const place = row.route ?? endpoint
  // The headline of a slow call begins with its route.
  const isSaid = place !== undefined && headline.startsWith(place)
  const where = [isSaid ? undefined : place, code].filter((each) => each != null).join(' · ')
  return (
    <>
      <RowLink to={pathOfRecord(row)}>{headline}</RowLink>
      {where !== '' && <span class="row-note mono">{where}</span>}
    </>
  )
}

/** A business record, with the way to all of its calls. */
export function ReferenceLink({ reference }: { reference: CallRow['reference'] }) {
  if (reference === null) return <NoValue />
  const { type, id } = reference
  if (type === null || id === null) return <span>{type ?? id ?? '–'}</span>
  return (
    <Link class="over-row" href={paths.reference(type, id)}>
      {type} {id}
    </Link>
  )
}

/** A dash; a card of a narrow screen does without. */
function NoValue() {
  return <span class="no-value">–</span>
}

/** A user, with the way to the user's trail. */
export function UserLink({ user }: { user: string | null }) {
  if (user === null) return <NoValue />
  return (
    <Link class="over-row" href={paths.user(user)}>
      {user}
    </Link>
  )
}
