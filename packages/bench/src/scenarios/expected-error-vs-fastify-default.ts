import type { BenchRequest, Scenario } from '../scenario.js'

const module = new URL('../servers/expected-error.js', import.meta.url)
const request: BenchRequest = { method: 'GET', path: '/' }

/** A @fastify/error with the default handler of Fastify against a registered error, both 429. */
export const expectedErrorVsFastifyDefault: Scenario = {
  name: 'expected-error-vs-fastify-default',
  measures:
    'A @fastify/error with the default handler of Fastify against a registered error, both 429',
  goal: null,
  sameBody: false,
  a: { module, variant: 'fastify-default', request, expectedStatus: 429 },
  b: { module, variant: 'throw', request, expectedStatus: 429 },
}
