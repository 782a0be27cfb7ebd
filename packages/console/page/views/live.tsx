import { Page } from '../components/page.js'

/** Live tail. */
export function LiveView() {
  return <Page title="Live tail">{null}</Page>
}
