import scsPlugin from '@fastify-scs/core'
import errorReporter, { type ErrorReporterOptions } from '@fastify-scs/error-reporter'
import Fastify, { type FastifyInstance } from 'fastify'
import { serveVariant } from './serve-variant.js'

/** Builds an app with core, and with the error reporter when there are options for it. */
async function build(
  handler: () => object,
  options?: ErrorReporterOptions,
): Promise<FastifyInstance> {
  const app = Fastify({ logger: false })
  await app.register(scsPlugin, { source: 'bench', audit: false })
  if (options !== undefined) {
    await app.register(errorReporter, { errorReporter: () => undefined, ...options })
  }
  return app.get('/', handler)
}

function crash(): never {
  throw new Error('an unexpected error')
}

function work(): object {
  return { id: 42, name: 'teapot', isShort: true }
}

await serveVariant({
  'fastify-default': async () => Fastify({ logger: false }).get('/', crash),
  'core-crash': () => build(crash),
  suppressed: () => build(crash, {}),
  reported: () => build(crash, { growth: 1, maxCallsPerMinute: false }),
  'core-works': () => build(work),
  works: () => build(work, {}),
})
