import { Page } from '../components/page.js'

/** Trace. */
export function TraceView() {
  return <Page title="Trace">{null}</Page>
}
