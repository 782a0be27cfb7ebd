import { Page } from '../components/page.js'

/** Reference. */
export function ReferenceView() {
  return <Page title="Reference">{null}</Page>
}
