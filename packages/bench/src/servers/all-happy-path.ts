import scsPlugin from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import slowCall from '@fastify-scs/slow-call'
import Fastify from 'fastify'
import { serveVariant } from './serve-variant.js'
import { teapotRoute } from './teapot-route.js'

await serveVariant({
  bare: async () => teapotRoute(Fastify({ logger: false })),
  ours: async () => {
    const app = Fastify({ logger: false })
    await app.register(scsPlugin, { source: 'bench', audit: false })
    await app.register(errorReporter, { errorReporter: () => undefined })
    await app.register(slowCall)
    return teapotRoute(app)
  },
})
