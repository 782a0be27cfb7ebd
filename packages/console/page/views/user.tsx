import { Page } from '../components/page.js'

/** User. */
export function UserView() {
  return <Page title="User">{null}</Page>
}
