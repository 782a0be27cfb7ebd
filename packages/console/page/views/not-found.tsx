import { Link } from 'wouter-preact'
import { Empty } from '../components/empty.js'
import { Page } from '../components/page.js'
import { paths } from '../shell/paths.js'

/** The address names no view. */
export function NotFoundView() {
  return (
    <Page title="No such page">
      <Empty title="There is nothing at this address.">
        <Link href={paths.overview()}>Go to the overview</Link>
      </Empty>
    </Page>
  )
}
