import { Page } from '../components/page.js'

/** Call. */
export function CallView() {
  return <Page title="Call">{null}</Page>
}
