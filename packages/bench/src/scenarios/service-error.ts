import type { BenchRequest, Scenario } from '../scenario.js'

const module = new URL('../servers/service-error.js', import.meta.url)
const request: BenchRequest = { method: 'GET', path: '/' }

/** A constant string against a thrown ServiceError class, the same 401. */
export const serviceError: Scenario = {
  name: 'service-error',
  measures: 'A constant string against a thrown ServiceError class, the same 401',
  goal: 1.3,
  sameBody: true,
  a: { module, variant: 'constant', request, expectedStatus: 401 },
  b: { module, variant: 'throw', request, expectedStatus: 401 },
}
