import type { FastifyInstance } from 'fastify'
import { METRICS_CONTENT_TYPE } from './metrics.js'
import type { MetricsOptions } from './options.js'

/** Serves the metrics; whom `authorize` refuses gets the application's answer to an unknown route. */
export function serveMetrics(
  app: FastifyInstance,
  { path, authorize }: MetricsOptions,
  textOf: () => string,
): void {
  app.route({
    method: 'GET',
    url: path,
    slowCall: false,
    // For @fastify/swagger.
    schema: { hide: true } as object,
    handler: async (request, reply) => {
      if (authorize !== undefined && (await authorize(request)) !== true) {
        reply.callNotFound()
        return reply
      }
      return reply.type(METRICS_CONTENT_TYPE).send(textOf())
    },
  })
}
