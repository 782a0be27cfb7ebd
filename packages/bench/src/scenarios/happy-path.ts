import type { BenchRequest, Scenario } from '../scenario.js'

const module = new URL('../servers/happy-path.js', import.meta.url)
const request: BenchRequest = { method: 'GET', path: '/' }

/** Bare Fastify against Fastify with core, one small JSON answer. */
export const happyPath: Scenario = {
  name: 'happy-path',
  measures: 'Bare Fastify against Fastify with core, one small JSON answer',
  goal: 1.03,
  sameBody: true,
  a: { module, variant: 'bare', request, expectedStatus: 200 },
  b: { module, variant: 'core', request, expectedStatus: 200 },
}
