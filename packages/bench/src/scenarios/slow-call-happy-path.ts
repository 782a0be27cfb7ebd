import type { BenchRequest, Scenario } from '../scenario.js'

const module = new URL('../servers/slow-call.js', import.meta.url)
const request: BenchRequest = { method: 'GET', path: '/' }

/** Bare Fastify against Fastify with core and slow-call, one small JSON answer. */
export const slowCallHappyPath: Scenario = {
  name: 'slow-call-happy-path',
  measures: 'Bare Fastify against Fastify with core and slow-call, one small JSON answer',
  goal: 1.06,
  sameBody: true,
  a: { module, variant: 'bare', request, expectedStatus: 200 },
  b: { module, variant: 'slow-call', request, expectedStatus: 200 },
}
