import { Page } from '../components/page.js'

/** Request. */
export function RequestView() {
  return <Page title="Request">{null}</Page>
}
