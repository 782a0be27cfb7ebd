import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import { copyAuditEvents } from './audit-copy.js'
import { AlreadyRegisteredError } from './errors.js'
import { loadAdapter } from './load-adapter.js'
import { openStore } from './open-store.js'
import { resolveOptions, type StoreOptions } from './options.js'
import { RedactedLog } from './redacted-log.js'

const plugin: FastifyPluginAsync<StoreOptions> = async (app, given) => {
  if (app.hasDecorator('scsStore')) throw new AlreadyRegisteredError()
  const options = resolveOptions(given)
  const { place, adapterOptions } = options
  // Whatever the adapter says goes through here as well.
  const log = new RedactedLog(app.log, app.scs.redactor)
  const adapter =
    'adapter' in place
      ? place.adapter
      : await loadAdapter({ url: place.url, options: adapterOptions, log })
  const { store, close } = await openStore(adapter, options, log)
  app.decorate('scsStore', store)
  // For good: what is added after the store has closed is counted, and told, as what any other late writer writes.
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
