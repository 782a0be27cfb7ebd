import { Link } from 'wouter-preact'
import type { AuditRow } from '../../src/api/model.js'
import { StatusBadge } from '../components/badge.js'
import { JsonView } from '../components/json-view.js'
import { Loaded } from '../components/loaded.js'
import { Page } from '../components/page.js'
import { Facts, Panel } from '../components/panel.js'
import { At } from '../components/time.js'
import { UserLink } from '../lists/columns.js'
import { type Fields, fieldsOf, isEmpty } from '../records/fields.js'
import { RequestLinks } from '../records/request-links.js'
import { useRecord } from '../records/use-record.js'
import { paths } from '../shell/paths.js'
import type { ViewProps } from '../shell/view-props.js'

/** One audit event with its details. */
export function AuditEventView({ params: { id = '' } }: ViewProps) {
  const { row, query } = useRecord('audit_events', id)
  return (
    <Page
      title={row === undefined ? 'Audit event' : row.message || row.type}
      aside={row !== undefined && <StatusBadge status={row.level} />}
    >
      {row !== undefined && (
        <Panel title="Event">
          <EventFacts row={row} />
        </Panel>
      )}
      <Loaded query={query}>{({ data }) => <Details data={data} />}</Loaded>
    </Page>
  )
}

function EventFacts({ row }: { row: AuditRow }) {
  return (
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
  )
}

function Details({ data }: { data: Fields }) {
  const details = fieldsOf(fieldsOf(data.event)?.details)
  return (
    <Panel title="Details">
      {isEmpty(details) ? (
        <p class="muted">It was added without details.</p>
      ) : (
        <JsonView value={details} label="Details of the event" />
      )}
    </Panel>
  )
}
