import Fastify from 'fastify'
import fastifyMetrics from 'fastify-metrics'
import { serveVariant, teapotRoute } from '../../dist/servers/serve-variant.js'

await serveVariant({
  // Its default: a histogram and a summary for each route.
  'route-metrics': async () => {
    const app = Fastify({ logger: false })
    await app.register(fastifyMetrics, { endpoint: '/metrics' })
    return teapotRoute(app)
  },
})
