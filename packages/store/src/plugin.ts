import type { AuditEvent } from '@fastify-scs/core'
import { createRecordId, type RecordKeys, type StoreRecord } from '@fastify-scs/core/kit'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import { AlreadyRegisteredError } from './errors.js'
import { loadAdapter } from './load-adapter.js'
import { openStore } from './open-store.js'
import { resolveOptions, type StoreOptions } from './options.js'
import { RedactedLog } from './redacted-log.js'

const plugin: FastifyPluginAsync<StoreOptions> = async (app, given) => {
  if (app.hasDecorator('scsStore')) throw new AlreadyRegisteredError()
  const options = resolveOptions(given)
  const { place, adapterOptions } = options
  // The adapter logs through it as well.
  const log = new RedactedLog(app.log, app.scs.redactor)
  const adapter =
    'adapter' in place
      ? place.adapter
      : await loadAdapter({ url: place.url, options: adapterOptions, log })
  const { store, close } = await openStore(adapter, options, log)
  app.decorate('scsStore', store)
  // Never unsubscribed: events after the store has closed are kept or counted as any other late record.
  if (options.auditEvents) copyAuditEvents(app, store.write)
  app.addHook('onClose', close)
}

/** The store plugin: keeps audit events, reports and integration requests, and finds them again. */
const storePlugin: FastifyPluginAsync<StoreOptions> = fp(plugin, {
  name: '@fastify-scs/store',
  fastify: '5.x',
  dependencies: ['@fastify-scs/core'],
})

export default storePlugin

/** Copies each audit event into the store, where it can be searched. */
export function copyAuditEvents(app: FastifyInstance, write: (record: StoreRecord) => void): void {
  app.scs.audit.subscribe((event, request) => write(auditRecord(event, request?.id)))
}

/** Makes the record of an audit event; its type is the fingerprint, its message the summary. */
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
      // Where the other kinds have their URL, which is searched by what it begins with.
      url: typeof details.path === 'string' ? details.path : null,
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
