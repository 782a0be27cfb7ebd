import { Page } from '../components/page.js'

/** Report. */
export function ReportView() {
  return <Page title="Report">{null}</Page>
}
