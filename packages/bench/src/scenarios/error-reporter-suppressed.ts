import type { BenchRequest, Scenario } from '../scenario.js'

const module = new URL('../servers/error-reporter.js', import.meta.url)
const request: BenchRequest = { method: 'GET', path: '/' }

/** The default handler of Fastify against a crash that the error reporter only counts. */
export const errorReporterSuppressed: Scenario = {
  name: 'error-reporter-suppressed',
  measures: 'The default handler of Fastify against a crash that the error reporter only counts',
  goal: 1.1,
  sameBody: false,
  a: { module, variant: 'fastify-default', request, expectedStatus: 500 },
  b: { module, variant: 'suppressed', request, expectedStatus: 500 },
}
