import type { AuditEvent } from '@fastify-scs/core'
import {
  createRecordId,
  createSpanFinder,
  type RecordKeys,
  type SpanFinder,
  type StoreRecord,
  traceIdOf,
} from '@fastify-scs/core/kit'
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { AlreadyRegisteredError } from './errors.js'
import { tellForgotten } from './forget/user-forgotten.js'
import { loadAdapter } from './load-adapter.js'
import { openStore } from './open-store.js'
import { resolveOptions, type StoreOptions } from './options.js'
import { RedactedLog } from './redacted-log.js'

const plugin: FastifyPluginAsync<StoreOptions> = async (app, given) => {
  if (app.hasDecorator('scsStore')) throw new AlreadyRegisteredError()
  const options = resolveOptions(given)
  const { place, adapterOptions, resolveFrom } = options
  // The adapter logs through it as well.
  const log = new RedactedLog(app.log, app.scs.redactor)
  const adapter =
    'adapter' in place
      ? place.adapter
      : await loadAdapter({ url: place.url, options: adapterOptions, log }, resolveFrom)
  const { store, close } = await openStore(adapter, options, log, tellForgotten(app))
  app.decorate('scsStore', store)
  // Never unsubscribed: events after the store has closed are kept or counted as any other late record.
  if (options.auditEvents) copyAuditEvents(app, store.write, await createSpanFinder())
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
export function copyAuditEvents(
  app: FastifyInstance,
  write: (record: StoreRecord) => void,
  findSpan: SpanFinder,
): void {
  const { redactor } = app.scs
  app.scs.audit.subscribe((event, request) => {
    const traceId = activeTraceId(findSpan, request) ?? traceIdOf(request?.headers.traceparent)
    const ofTrace = traceId === null ? {} : { traceId }
    // The id passes the redactor as in the other records of the request, so that it is the same in all of them.
    const keys =
      request === undefined
        ? ofTrace
        : { requestId: redactor.text(String(request.id)), ...routeOf(request), ...ofTrace }
    write(auditRecord(event, keys))
  })
}

function activeTraceId(
  findSpan: SpanFinder,
  request: FastifyRequest | undefined,
): string | undefined {
  try {
    return findSpan(request)?.traceId
  } catch {
    // A failing tracer must not lose the copy.
    return undefined
  }
}

function routeOf({ method, routeOptions }: FastifyRequest): Pick<RecordKeys, 'route'> {
  return routeOptions.url === undefined ? {} : { route: `${method} ${routeOptions.url}` }
}

/** Makes the record of an audit event; its type is the fingerprint, its message the summary. */
export function auditRecord(
  event: AuditEvent,
  origin: Pick<RecordKeys, 'requestId' | 'route' | 'traceId'>,
): StoreRecord {
  const { type, details } = event.event
  const user = details.user
  const keys: RecordKeys = {
    service: event.source,
    fingerprint: type,
    level: event.level,
    summary: event.message,
    ...origin,
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
      requestId: origin.requestId ?? null,
      // `urlPrefix` searches it, as in records of other kinds.
      url: typeof details.path === 'string' ? details.path : null,
    },
    importance: 'high',
  }
}
