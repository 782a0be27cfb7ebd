import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import scsPlugin, { defineAuditEvent } from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import integrationLog from '@fastify-scs/integration-log'
import slowCall from '@fastify-scs/slow-call'
import store from '@fastify-scs/store'
import Fastify, { type FastifyInstance } from 'fastify'

/** A text that would take over a terminal: clears it, sets its title, and turns what follows around. */
export const EVIL = 'a\u001b[2J\u001b]0;owned\u0007\u009b31m\u202eb'

/** Who is signed in, and what only the request's header says of a secret. */
export const SECRET = 'sk_live_4242424242'

const noted = defineAuditEvent({
  type: 'order-noted',
  level: 'WARN',
  messageTemplate: '{user} noted {note}',
})

/** What was recorded. */
export interface Filled {
  readonly requestId: string
  readonly errorId: string
}

/** A service with all plugins that writes to a store; the caller closes it. */
export async function startService(url: string): Promise<FastifyInstance> {
  const app = Fastify({ genReqId: () => crypto.randomUUID() })
  await app.register(scsPlugin, { source: 'orders', audit: false, user: () => 'ada' })
  await app.register(store, { url })
  await app.register(errorReporter, {
    apiName: 'orders',
    apiVersion: '1.4.0',
    errorReporter: async () => {},
  })
  await app.register(slowCall, { maxMs: 20 })
  await app.register(integrationLog, {})
  app.scs.registerAuditEvent(noted)
  const upstream = createServer((_request, response) => response.end('{"ok":true}'))
  upstream.listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  app.addHook('onClose', async () => {
    upstream.closeAllConnections()
    upstream.close()
  })
  const { port } = upstream.address() as AddressInfo
  app.get('/slow', async () => {
    await new Promise((resolve) => setTimeout(resolve, 40))
    return 'late'
  })
  app.get('/crash', async (request) => {
    noted(request, { note: EVIL })
    const log = app.integrations.log({
      service: 'stripe',
      method: 'GET',
      url: `http://127.0.0.1:${port}/v1/charges`,
      requestId: request.id,
      isRemoteRequest: true,
      reference: { type: 'Order', id: '42' },
    })
    await log.fail(new Error('card declined'))
    await fetch(`http://127.0.0.1:${port}/stock`).then((response) => response.text())
    throw new Error(`the order has no customer ${EVIL}`)
  })
  return app
}

/** Has a request crash and another one be slow, and stores all of it. */
export async function crashOnce(app: FastifyInstance): Promise<Filled> {
  const headers = { authorization: `Bearer ${SECRET}` }
  const answer = await app.inject({ url: '/crash?id=7', headers })
  await app.inject({ url: '/slow' })
  await app.scsStore.flush()
  for (let tries = 0; tries < 200; tries++) {
    const { items } = await app.scsStore.find('reports', { status: 'fatal' })
    const [report] = items
    if (report?.keys.requestId !== undefined && report.keys.remoteId !== undefined)
      return { requestId: report.keys.requestId, errorId: report.keys.remoteId }
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`no report was stored: ${answer.body}`)
}

/** Fills a new store and leaves. */
export async function fillStore(url: string): Promise<Filled> {
  const app = await startService(url)
  const filled = await crashOnce(app)
  await app.close()
  return filled
}
