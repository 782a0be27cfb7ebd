import type { BenchRequest, Scenario } from '../scenario.js'

const module = new URL('../servers/expected-error.js', import.meta.url)
const request: BenchRequest = { method: 'GET', path: '/' }

/** The same from an async handler on both sides. */
export const expectedErrorAsync: Scenario = {
  name: 'expected-error-async',
  measures: 'The same from an async handler on both sides',
  goal: 1.3,
  sameBody: true,
  a: { module, variant: 'constant-async', request, expectedStatus: 429 },
  b: { module, variant: 'throw-async', request, expectedStatus: 429 },
}
