import { Page } from '../components/page.js'

/** Calls. */
export function CallsView() {
  return <Page title="Calls">{null}</Page>
}
