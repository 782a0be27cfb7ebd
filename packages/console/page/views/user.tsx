import { keepPreviousData, useQuery } from '@tanstack/preact-query'
import { Link } from 'wouter-preact'
import { useApi } from '../api/context.js'
import { recordsQuery } from '../api/queries.js'
import { Page } from '../components/page.js'
import { Panel } from '../components/panel.js'
import { RecordTable } from '../components/record-table.js'
import { AUDIT_COLUMNS, REPORT_COLUMNS } from '../lists/columns.js'
import { RecordList } from '../lists/record-list.js'
import { rowsOf } from '../lists/rows-of.js'
import { paths } from '../shell/paths.js'
import type { ViewProps } from '../shell/view-props.js'

/** Reports of a user that are shown above the trail. */
const REPORTS = 5

/** The trail of a user: what went wrong for them, and all of their audit events. */
export function UserView({ params }: ViewProps) {
  const user = params.user ?? ''
  return (
    <Page
      title={`Trail of ${user}`}
      aside={<Link href={paths.calls({ user })}>Calls made for them</Link>}
    >
      <UserReports user={user} />
      <RecordList
        kind="audit_events"
        label={`Audit events of ${user}, newest first`}
        columns={AUDIT_COLUMNS.filter(({ name }) => name !== 'user')}
        always={{ user }}
        whenEmpty={
          <p>
            No audit event names this user. A user is known by the option <code>user</code> of core.
          </p>
        }
      />
    </Page>
  )
}

function UserReports({ user }: { user: string }) {
  const query = useQuery({
    ...recordsQuery(useApi(), 'reports', { user, limit: REPORTS }),
    placeholderData: keepPreviousData,
  })
  const rows = rowsOf('reports', query.data?.items)
  if (rows.length === 0) return null
  return (
    <Panel
      title="What went wrong"
      aside={<Link href={paths.reports({ user })}>All reports</Link>}
      isFlush
    >
      <RecordTable
        label={`Reports of requests of ${user}`}
        columns={REPORT_COLUMNS.filter(({ name }) => name !== 'user')}
        rows={rows}
        hasKeys={false}
      />
    </Panel>
  )
}
