import { Page } from '../components/page.js'
import { REPORT_COLUMNS } from '../lists/columns.js'
import { RecordList } from '../lists/record-list.js'

/** Reports one by one, whatever their group: of a route, a user, a release. */
export function ReportsView() {
  return (
    <Page title="Reports">
      <RecordList
        kind="reports"
        label="Reports, newest first"
        columns={REPORT_COLUMNS}
        whenEmpty={
          <p>
            When something crashes, or <code>request.reportError</code> is called, its report shows
            here within seconds.
          </p>
        }
      />
    </Page>
  )
}
