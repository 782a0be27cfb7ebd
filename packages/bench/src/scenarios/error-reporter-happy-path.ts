import type { BenchRequest, Scenario } from '../scenario.js'

const module = new URL('../servers/error-reporter.js', import.meta.url)
const request: BenchRequest = { method: 'GET', path: '/' }

/** Core against core with the error reporter, one small JSON answer. */
export const errorReporterHappyPath: Scenario = {
  name: 'error-reporter-happy-path',
  measures: 'Core against core with the error reporter, one small JSON answer',
  goal: null,
  sameBody: true,
  a: { module, variant: 'core-works', request, expectedStatus: 200 },
  b: { module, variant: 'works', request, expectedStatus: 200 },
}
