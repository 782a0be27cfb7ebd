import type { Store } from './store.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Where audit events, reports and integration requests are kept and found again. */
    readonly scsStore: Store
  }
}
