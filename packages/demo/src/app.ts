import { join } from 'node:path'
import scsConsole from '@fastify-scs/console'
import scsPlugin, { scsLogger } from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import integrationLog from '@fastify-scs/integration-log'
import queryLog from '@fastify-scs/query-log'
import slowCall from '@fastify-scs/slow-call'
import store from '@fastify-scs/store'
import Fastify, { type FastifyInstance } from 'fastify'
import { authentication } from './authentication.js'
import { developmentConsole } from './console.js'
import { coupons } from './coupons.js'
import { customers } from './customers.js'
import { loginGuard } from './login-guard.js'
import { openOrderDatabase } from './order-database.js'
import { orders } from './orders.js'
import { payments, paymentWebhook } from './payments.js'

/** Where the service keeps its files, and whom it calls. */
export interface AppPlaces {
  /** `http://host:port` of the payment provider. */
  readonly paymentOrigin: string
  /** `http://host:port` of the customers service. */
  readonly customersOrigin: string
  readonly auditLog: string
  readonly applicationLog: string
  readonly database: string
}

/** Builds the service. */
export async function buildApp(places: AppPlaces): Promise<FastifyInstance> {
  const app = Fastify({
    logger: scsLogger({ source: 'orders', file: { path: places.applicationLog } }),
  })
  await app.register(scsPlugin, {
    source: 'orders',
    audit: { file: { path: places.auditLog, maxSizeMb: 1, backupCount: 2 } },
  })
  await app.register(store, { url: `sqlite:${places.database}` })
  await app.register(errorReporter, {
    apiVersion: '1.4.0',
    environment: 'demo',
    // The plugins lie in this repository: their frames are not the service's own.
    code: { root: join(import.meta.dirname, '..') },
  })
  await app.register(slowCall, { maxMs: 1000, blockedAfterMs: 500 })
  await app.register(queryLog)
  await app.register(integrationLog, {
    // `card.number` is a secret, and its name alone does not say so.
    services: {
      payments: { origin: places.paymentOrigin, redact: { keys: ['number'] } },
      customers: { origin: places.customersOrigin },
    },
  })
  await app.register(scsConsole, developmentConsole)
  await app.register(loginGuard)
  await app.register(paymentWebhook)
  const database = openOrderDatabase()
  app.addHook('onClose', async () => void database.close())
  await app.register(async (api) => {
    await api.register(authentication)
    await api.register(orders, { database })
    await api.register(coupons)
    await api.register(payments)
    await api.register(customers)
  })
  return app
}
