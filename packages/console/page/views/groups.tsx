import { Page } from '../components/page.js'

/** Errors. */
export function GroupsView() {
  return <Page title="Errors">{null}</Page>
}
