import scsConsole from '@fastify-scs/console'
import scsCore from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import integrationLog from '@fastify-scs/integration-log'
import queryLog from '@fastify-scs/query-log'
import slowCall from '@fastify-scs/slow-call'
import store from '@fastify-scs/store'
import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import { type FastifyScsOptions, resolveOptions } from './options.js'

const plugin: FastifyPluginAsync<FastifyScsOptions> = async (app, given) => {
  const options = resolveOptions(given, process.env)
  // The order matters: each leans on those before it.
  await app.register(scsCore, options.core)
  if (options.store !== undefined) {
    // The SQLite adapter is a dependency of this package, and may be none of the application. A bundle to CommonJS has no such URL.
    const { url } = import.meta as { readonly url?: string }
    await app.register(store, { ...(url && { resolveFrom: url }), ...options.store })
  }
  if (options.errorReporter !== undefined) await app.register(errorReporter, options.errorReporter)
  if (options.slowCall !== undefined) await app.register(slowCall, options.slowCall)
  if (options.queryLog !== undefined) await app.register(queryLog, options.queryLog)
  if (options.integrationLog !== undefined) {
    await app.register(integrationLog, options.integrationLog)
  }
  if (options.console !== undefined) await app.register(scsConsole, options.console)
  if (options.store === undefined) {
    app.log.info(
      'no store is set (option store, or SCS_STORE_URL): what is recorded goes to this log',
    )
  }
}

/** Registers core, store, error-reporter, slow-call, query-log, integration-log and the console, in this order. Register it before the routes. */
const fastifyScs: FastifyPluginAsync<FastifyScsOptions> = fp(plugin, {
  name: 'fastify-scs',
  fastify: '5.x',
})

export default fastifyScs
