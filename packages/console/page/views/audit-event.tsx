import { Page } from '../components/page.js'

/** Audit event. */
export function AuditEventView() {
  return <Page title="Audit event">{null}</Page>
}
