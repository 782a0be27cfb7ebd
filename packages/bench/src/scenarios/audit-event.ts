import type { BenchRequest, Scenario } from '../scenario.js'

const module = new URL('../servers/audit-event.js', import.meta.url)
const request: BenchRequest = { method: 'GET', path: '/' }

/** A request without against one with an audit event written to a file. */
export const auditEvent: Scenario = {
  name: 'audit-event',
  measures: 'A request without against one with an audit event written to a file',
  goal: null,
  sameBody: true,
  a: { module, variant: 'without', request, expectedStatus: 200 },
  b: { module, variant: 'with', request, expectedStatus: 200 },
}
