import type { RouteError } from './errors/route-errors.js'
import type { Scs } from './scs.js'
import type { RequestTimelineEntry } from './timeline/timeline-entry.js'

declare module 'fastify' {
  /** What the data of stored records is, by kind; the package that writes a kind declares it here. */
  interface FastifyStoredRecords {}

  interface FastifyInstance {
    /** The registries, the audit log and the redactor. */
    readonly scs: Scs
  }

  interface FastifyRequest {
    /**
     * Adds an audit event of this request; its line is written before the call returns.
     *
     * @throws SCS_ERR_AUDIT_EVENT_UNKNOWN, SCS_ERR_AUDIT_FIELD_MISSING
     */
    addAuditEvent(type: string, details?: Readonly<Record<string, unknown>>): void

    /**
     * What is known of the request so far, in order of time: its arrival, audit events, outbound calls, queries and log lines, each as far as
     * its plugin is registered. Redacted, as reports show it.
     */
    timeline(): RequestTimelineEntry[]
  }

  interface RouteShorthandOptions {
    /** The errors that the route answers with, for documentation. */
    throws?: readonly RouteError[]
  }

  interface FastifyContextConfig {
    /** Whether an Error model that the route returns is answered as an error. @default the option `returnedErrors` */
    returnedErrors?: boolean
    /**
     * Whether nobody is to learn of the route: its path with another method is answered as an unknown one, 404 and not 405, and slow-call
     * leaves it out of the figures of routes. @default false
     */
    isHidden?: boolean
  }
}
