import scsPlugin from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import integrationLog from '@fastify-scs/integration-log'
import slowCall from '@fastify-scs/slow-call'
import storePlugin from '@fastify-scs/store'
import Fastify, { type FastifyInstance } from 'fastify'
import { serveVariant } from './serve-variant.js'
import { teapotRoute } from './teapot-route.js'

/** An app with every plugin, watching the outbound calls that it does not make. */
async function build(correlate: boolean): Promise<FastifyInstance> {
  const app = Fastify({ logger: false })
  await app.register(scsPlugin, { source: 'bench', audit: false })
  await app.register(storePlugin, { url: 'memory:' })
  await app.register(errorReporter, { errorReporter: () => undefined })
  await app.register(slowCall)
  await app.register(integrationLog, {
    services: { payments: { origin: 'https://api.payments.example' } },
    observe: true,
    correlate,
  })
  return teapotRoute(app)
}

await serveVariant({
  bare: async () => teapotRoute(Fastify({ logger: false })),
  correlated: () => build(true),
  uncorrelated: () => build(false),
})
