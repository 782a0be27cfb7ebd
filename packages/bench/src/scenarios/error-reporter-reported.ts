import type { BenchRequest, Scenario } from '../scenario.js'

const module = new URL('../servers/error-reporter.js', import.meta.url)
const request: BenchRequest = { method: 'GET', path: '/' }

/** The default handler of Fastify against a crash that is reported each time. */
export const errorReporterReported: Scenario = {
  name: 'error-reporter-reported',
  measures: 'The default handler of Fastify against a crash that is reported each time',
  goal: 2,
  sameBody: false,
  a: { module, variant: 'fastify-default', request, expectedStatus: 500 },
  b: { module, variant: 'reported', request, expectedStatus: 500 },
}
