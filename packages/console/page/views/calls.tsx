import { Page } from '../components/page.js'
import { CALL_COLUMNS } from '../lists/columns.js'
import { RecordList } from '../lists/record-list.js'

/** Calls to other services, and from them. */
export function CallsView() {
  return (
    <Page title="Calls">
      <RecordList
        kind="integration_requests"
        label="Calls, newest first"
        columns={CALL_COLUMNS}
        whenEmpty={
          <p>
            Calls to other services show here once the application makes one. Name a service with{' '}
            <code>app.integrations.service(…)</code> to see its bodies, and log webhooks with{' '}
            <code>app.integrations.log(…)</code>.
          </p>
        }
      />
    </Page>
  )
}
