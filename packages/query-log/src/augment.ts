import type { QueryLog } from './plugin.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** The queries of requests: what is counted of them. */
    readonly queryLog: QueryLog
  }
}
