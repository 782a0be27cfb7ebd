import type { BenchRequest, Scenario } from '../scenario.js'

const module = new URL('../servers/expected-error.js', import.meta.url)
const request: BenchRequest = { method: 'GET', path: '/' }

/** A constant string against a thrown registered error, the same 429. */
export const expectedError: Scenario = {
  name: 'expected-error',
  measures: 'A constant string against a thrown registered error, the same 429',
  goal: 1.3,
  sameBody: true,
  a: { module, variant: 'constant', request, expectedStatus: 429 },
  b: { module, variant: 'throw', request, expectedStatus: 429 },
}
