import { Page } from '../components/page.js'

/** Slow calls. */
export function SlowView() {
  return <Page title="Slow calls">{null}</Page>
}
