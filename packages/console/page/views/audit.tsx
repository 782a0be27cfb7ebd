import { Page } from '../components/page.js'
import { AUDIT_COLUMNS } from '../lists/columns.js'
import { RecordList } from '../lists/record-list.js'

/** What happened, by whom. */
export function AuditView() {
  return (
    <Page title="Audit events">
      <RecordList
        kind="audit_events"
        label="Audit events, newest first"
        columns={AUDIT_COLUMNS}
        whenEmpty={
          <p>
            Audit events show here once the application adds one with{' '}
            <code>request.addAuditEvent(…)</code>, and the store is registered with the option{' '}
            <code>auditEvents</code>.
          </p>
        }
      />
    </Page>
  )
}
