import { defineAuditEvent } from '@fastify-scs/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'

const viewed = defineAuditEvent({
  type: 'console-viewed',
  level: 'INFO',
  messageTemplate: '{user} looked at {kind} {id} in the console',
})

const exported = defineAuditEvent({
  type: 'console-exported',
  level: 'INFO',
  messageTemplate: '{user} exported {kind} from the console',
})

const changed = defineAuditEvent({
  type: 'console-changed',
  level: 'WARN',
  messageTemplate: '{user} changed {fingerprint} in the console',
})

const retried = defineAuditEvent({
  type: 'console-retried',
  level: 'WARN',
  messageTemplate: '{user} sent the integration request {id} again from the console',
})

/** Says in the application's audit log what was done in the console, and by whom. */
export class AuditTrail {
  constructor(app: FastifyInstance) {
    for (const event of [viewed, exported, changed, retried]) app.scs.registerAuditEvent(event)
  }

  /** Somebody looks at a whole record. */
  viewed(request: FastifyRequest, kind: string, id: string): void {
    viewed(request, { kind, id })
  }

  /** Somebody downloads what is filtered. */
  exported(request: FastifyRequest, kind: string, filter: object): void {
    const details = { kind, filter }
    exported(request, details)
  }

  /** Somebody has changed a group; `before` and `after` are what was decided about it. */
  changed(request: FastifyRequest, fingerprint: string, before: object, after: object): void {
    const details = { fingerprint, before, after }
    changed(request, details)
  }

  /** Somebody sends a call again. */
  retried(request: FastifyRequest, id: string): void {
    retried(request, { id })
  }
}
