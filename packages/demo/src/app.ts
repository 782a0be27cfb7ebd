import scsPlugin, { scsLogger } from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import slowCall from '@fastify-scs/slow-call'
import store from '@fastify-scs/store'
import Fastify, { type FastifyInstance } from 'fastify'
import { authentication } from './authentication.js'
import { loginGuard } from './login-guard.js'
import { orders } from './orders.js'

/** Where the service keeps its files. */
export interface AppPaths {
  readonly auditLog: string
  readonly applicationLog: string
  readonly database: string
}

/** Builds the service. */
export async function buildApp(paths: AppPaths): Promise<FastifyInstance> {
  const app = Fastify({
    logger: scsLogger({ source: 'orders', file: { path: paths.applicationLog } }),
  })
  await app.register(scsPlugin, {
    source: 'orders',
    audit: { file: { path: paths.auditLog, maxSizeMb: 1, backupCount: 2 } },
  })
  await app.register(store, { url: `sqlite:${paths.database}` })
  await app.register(errorReporter, { apiVersion: '1.4.0', environment: 'demo' })
  await app.register(slowCall, { maxMs: 1000 })
  await app.register(loginGuard)
  await app.register(async (api) => {
    await api.register(authentication)
    await api.register(orders)
  })
  return app
}
