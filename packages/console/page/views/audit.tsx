import { Page } from '../components/page.js'

/** Audit events. */
export function AuditView() {
  return <Page title="Audit events">{null}</Page>
}
