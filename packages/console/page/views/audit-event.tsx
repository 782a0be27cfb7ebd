import { useQuery } from '@tanstack/preact-query'
import { Link } from 'wouter-preact'
import type { AuditRow, RecordDetail } from '../../src/api/model.js'
import { useApi } from '../api/context.js'
import { recordQuery } from '../api/queries.js'
import { StatusBadge } from '../components/badge.js'
import { JsonView } from '../components/json-view.js'
import { Loaded } from '../components/loaded.js'
import { Page } from '../components/page.js'
import { Facts, Panel } from '../components/panel.js'
import { At } from '../components/time.js'
import { UserLink } from '../lists/columns.js'
import { fieldsOfData } from '../records/fields.js'
import { RequestLinks } from '../records/request-links.js'
import { paths } from '../shell/paths.js'
import type { ViewProps } from '../shell/view-props.js'

/** One audit event with its details. */
export function AuditEventView({ params }: ViewProps) {
  const query = useQuery(recordQuery(useApi(), 'audit_events', params.id ?? ''))
  return <Loaded query={query}>{(detail) => <AuditEvent detail={detail} />}</Loaded>
}

function AuditEvent({ detail }: { detail: RecordDetail }) {
  const row = detail.row as AuditRow
  const details = fieldsOfData(fieldsOfData(detail.data.event).details)
  return (
    <Page
      title={row.message === '' ? row.type : row.message}
      aside={<StatusBadge status={row.level} />}
    >
      <Panel title="Event">
        <Facts
          rows={[
            [
              'Type',
              <Link key="type" class="mono" href={paths.audit({ type: row.type })}>
                {row.type}
              </Link>,
            ],
            ['When', <At key="when" at={row.createdAt} />],
            ['User', <UserLink key="user" user={row.user} />],
            ['Path', row.path],
            ['From', row.service],
            ['Request', <RequestLinks key="request" row={row} />],
          ]}
        />
      </Panel>
      <Panel title="Details">
        {Object.keys(details).length === 0 ? (
          <p class="muted">It was added without details.</p>
        ) : (
          <JsonView value={details} label="Details of the event" />
        )}
      </Panel>
    </Page>
  )
}
