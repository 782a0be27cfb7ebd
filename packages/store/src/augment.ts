import type { StoredAuditEvent } from './audit-data.js'
import type { Store } from './store.js'

declare module 'fastify' {
  interface FastifyStoredRecords {
    audit_events: StoredAuditEvent
  }

  interface FastifyInstance {
    /** Where audit events, reports and integration requests are kept and found again. */
    readonly scsStore: Store
  }
}
