import { Page } from '../components/page.js'

/** Overview. */
export function OverviewView() {
  return <Page title="Overview">{null}</Page>
}
