import type { BenchRequest, Scenario } from '../scenario.js'

const module = new URL('../servers/error-reporter.js', import.meta.url)
const request: BenchRequest = { method: 'GET', path: '/' }

/** A crash with core against one that the error reporter only counts. */
export const errorReporterAdded: Scenario = {
  name: 'error-reporter-added',
  measures: 'A crash with core against one that the error reporter only counts',
  goal: null,
  sameBody: false,
  a: { module, variant: 'core-crash', request, expectedStatus: 500 },
  b: { module, variant: 'suppressed', request, expectedStatus: 500 },
}
