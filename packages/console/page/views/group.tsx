import { Page } from '../components/page.js'

/** Group. */
export function GroupView() {
  return <Page title="Group">{null}</Page>
}
