import { Page } from '../components/page.js'

/** Reports. */
export function ReportsView() {
  return <Page title="Reports">{null}</Page>
}
