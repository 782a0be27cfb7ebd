import { crashRoute, serveVariant } from '../dist/servers/serve-variant.js'

/** Serves the crashing route with Sentry's handler for Fastify; Fastify comes after Sentry has started. */
export async function serveWithSentry(Sentry) {
  const { default: Fastify } = await import('fastify')
  await serveVariant({
    reported: async () => {
      const app = Fastify({ logger: false })
      Sentry.setupFastifyErrorHandler(app)
      return crashRoute(app)
    },
  })
}
