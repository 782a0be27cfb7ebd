// A service of a payment story: core, a store and the integration log, as an application registers them.
import scsPlugin from '@fastify-scs/core'
import integrationLog from '@fastify-scs/integration-log'
import store from '@fastify-scs/store'
import Fastify from 'fastify'

/** Builds the service; its routes can be added. */
export async function buildService(source, options, services, log = {}) {
  const app = Fastify({ logger: { level: 'warn', stream: process.stderr } })
  await app.register(scsPlugin, { source, audit: false })
  await app.register(store, { url: options.url, ...options.store })
  await app.register(integrationLog, { services, ...log })

  // What the tests ask of either process: how it sees a payment, and an order.
  const service = Object.keys(services)[0]
  app.get('/payments/:key', async (request) => {
    const { key } = request.params
    return (await app.integrations.get({ service, key })) ?? null
  })
  app.get('/found/:key', (request) => app.integrations.find({ service, key: request.params.key }))
  app.get('/orders/:id/requests', async (request) =>
    app.integrations.find({ reference: { type: 'Order', id: request.params.id } }),
  )
  app.get('/flush', async () => {
    await app.integrations.settled()
    return app.scsStore.flush()
  })
  return app
}
