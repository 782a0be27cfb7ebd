import type { FastifyBaseLogger } from 'fastify'
import type { CallbackFailures } from '../callback-failures.js'
import { describeThrown } from '../describe-thrown.js'
import type { Redactor } from '../redact/redactor.js'
import type { AuditListener } from './audit-trail.js'

/** Wraps a listener: one that throws is logged and counted, and hurts neither the request nor the next listener. */
export function guardListener(
  listener: AuditListener,
  failures: CallbackFailures,
  log: FastifyBaseLogger,
  redactor: Redactor,
): AuditListener {
  return (event, request) => {
    try {
      listener(event, request)
    } catch (error) {
      failures.auditListener++
      log.error({ err: describeThrown(error, redactor) }, 'a listener of the audit log failed')
    }
  }
}
