import { Page } from '../components/page.js'

/** Search. */
export function SearchView() {
  return <Page title="Search">{null}</Page>
}
