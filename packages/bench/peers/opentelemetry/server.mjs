import FastifyOtel from '@fastify/otel'
import Fastify from 'fastify'
import { serveVariant, teapotRoute } from '../../dist/servers/serve-variant.js'
import { startTracing } from './start-tracing.mjs'

async function traced(options) {
  const instrumentation = new FastifyOtel(options)
  instrumentation.setTracerProvider(startTracing())
  const app = Fastify({ logger: false })
  await app.register(instrumentation.plugin())
  return teapotRoute(app)
}

await serveVariant({
  // The least that it can trace; by default it also has a span for each handler and hook.
  'request-spans': () => traced({ instrumentHandler: false, instrumentHooks: false }),
  defaults: () => traced({}),
})
