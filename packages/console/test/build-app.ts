import scsPlugin, { type ScsOptions } from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import integrationLog from '@fastify-scs/integration-log'
import slowCall from '@fastify-scs/slow-call'
import store from '@fastify-scs/store'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import type { ConsoleOptions } from '../src/options.js'
import consolePlugin from '../src/plugin.js'

/** What an application of a test is made of. */
export interface AppSetup {
  readonly server?: FastifyServerOptions
  readonly core?: ScsOptions
  /** @default the console lets everybody look */
  readonly console?: Partial<ConsoleOptions> | false
  /** Where the service `stripe` is. */
  readonly origin?: string
  /** Runs behind the plugins that record, before the console. */
  readonly before?: (app: FastifyInstance) => Promise<unknown> | unknown
  /** Runs behind the console. */
  readonly after?: (app: FastifyInstance) => Promise<unknown> | unknown
}

/** An application with all plugins of the family, a store in memory, and the console. */
export async function buildApp(setup: AppSetup = {}): Promise<FastifyInstance> {
  const app = Fastify(setup.server)
  await app.register(scsPlugin, { source: 'orders', audit: false, ...setup.core })
  await app.register(store, { url: 'memory:' })
  await app.register(errorReporter, { apiName: 'orders', errorReporter: () => {} })
  await app.register(slowCall, { maxMs: 50, blockedAfterMs: false })
  await app.register(integrationLog, {
    services: { stripe: { origin: setup.origin ?? 'http://127.0.0.1:9', retry: true } },
  })
  await setup.before?.(app)
  if (setup.console !== false)
    await app.register(consolePlugin, { authorize: () => true, ...setup.console })
  await setup.after?.(app)
  return app
}
