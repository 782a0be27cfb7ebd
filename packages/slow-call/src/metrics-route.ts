import type { FastifyInstance } from 'fastify'
import { METRICS_CONTENT_TYPE } from './metrics.js'
import type { MetricsOptions } from './options.js'

/** Serves the metrics; whom `authorize` refuses gets the application's answer to an unknown route. */
export function serveMetrics(
  app: FastifyInstance,
  { path, authorize }: MetricsOptions,
  textOf: () => Promise<string>,
): void {
  app.route({
    method: 'GET',
    url: path,
    slowCall: false,
    // Another method is answered as an unknown route too, not with 405.
    config: { isHidden: authorize !== undefined },
    // For @fastify/swagger.
    schema: { hide: true } as object,
    handler: async (request, reply) => {
      if (authorize !== undefined && (await authorize(request)) !== true) {
        reply.callNotFound()
        return reply
      }
      return reply.type(METRICS_CONTENT_TYPE).send(await textOf())
    },
  })
}
