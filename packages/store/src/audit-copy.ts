import type { AuditEvent } from '@fastify-scs/core'
import { createRecordId } from '@fastify-scs/core/kit'
import type { FastifyInstance } from 'fastify'
import type { RecordKeys, StoreRecord } from './record.js'

/** Copies each audit event into a store, where it can be searched. */
export function copyAuditEvents(app: FastifyInstance, write: (record: StoreRecord) => void): void {
  app.scs.audit.subscribe((event, request) => write(auditRecord(event, request?.id)))
}

/** The record of an audit event; its type is the fingerprint, its message the summary. */
export function auditRecord(event: AuditEvent, requestId: string | undefined): StoreRecord {
  const { type, details } = event.event
  const user = details.user
  const keys: RecordKeys = {
    service: event.source,
    fingerprint: type,
    level: event.level,
    summary: event.message,
    ...(requestId === undefined ? {} : { requestId: String(requestId) }),
    ...(typeof user === 'string' || typeof user === 'number' ? { user: String(user) } : {}),
  }
  return {
    kind: 'audit_events',
    id: createRecordId(),
    createdAt: Date.parse(event.date),
    revision: 0,
    keys,
    data: {
      level: event.level,
      date: event.date,
      message: event.message,
      event: { type, details },
      source: event.source,
      requestId: requestId ?? null,
    },
    importance: 'high',
  }
}
