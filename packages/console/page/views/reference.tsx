import { useQuery } from '@tanstack/preact-query'
import { useApi } from '../api/context.js'
import { recordsQuery } from '../api/queries.js'
import { Page } from '../components/page.js'
import { Panel } from '../components/panel.js'
import { RecordTable } from '../components/record-table.js'
import { AUDIT_COLUMNS, CALL_COLUMNS } from '../lists/columns.js'
import { namesRecord } from '../lists/names-record.js'
import { RecordList } from '../lists/record-list.js'
import { rowsOf } from '../lists/rows-of.js'
import type { ViewProps } from '../shell/view-props.js'

/** Audit events that are looked through for those that name the record. */
const AUDIT_EVENTS = 200

/** All calls of one business record, and the audit events that name it. */
export function ReferenceView({ params }: ViewProps) {
  const { type = '', id = '' } = params
  return (
    <Page title={`${type} ${id}`}>
      <RecordList
        kind="integration_requests"
        label={`Calls of ${type} ${id}, newest first`}
        columns={CALL_COLUMNS.filter(({ name }) => name !== 'reference')}
        always={{ referenceType: type, referenceId: id }}
        whenEmpty={
          <p>
            No call names this record. Pass{' '}
            <code>{`reference: { type: '${type}', id: '${id}' }`}</code> with a call to find it
            here.
          </p>
        }
      />
      <NamingEvents type={type} id={id} />
    </Page>
  )
}

/** Audit events have no reference: those whose message says the record's type and id are found by text, of the last week. */
function NamingEvents({ type, id }: { type: string; id: string }) {
  const text = `${type} ${id}`
  const query = useQuery(recordsQuery(useApi(), 'audit_events', { text, limit: AUDIT_EVENTS }))
  const rows = rowsOf('audit_events', query.data?.items).filter(({ message }) =>
    namesRecord(message, type, id),
  )
  if (rows.length === 0) return null
  return (
    <Panel title={`Audit events of the last week that say “${text}”`} isFlush>
      <RecordTable
        label={`Audit events that say ${text}`}
        columns={AUDIT_COLUMNS}
        rows={rows}
        hasKeys={false}
      />
    </Panel>
  )
}
