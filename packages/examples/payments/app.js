// A service that charges cards by a provider. Every call and every webhook is recorded, with the order that it belongs to.
import Fastify from 'fastify'
import fastifyScs, { defineError } from 'fastify-scs'

export const declined = defineError({
  code: 402,
  id: 'payments-declined',
  message: 'The card was declined',
})

const orderSchema = {
  body: {
    type: 'object',
    required: ['amount', 'card'],
    properties: { amount: { type: 'integer', minimum: 1 }, card: { type: 'string' } },
  },
}

/**
 * @param {string} providerUrl
 * @param {import('fastify-scs').FastifyScsOptions} [options]
 */
export async function buildApp(providerUrl, options = {}) {
  const app = Fastify()
  await app.register(fastifyScs, {
    source: 'payments',
    integrationLog: { services: { provider: { origin: providerUrl, bodies: 'always' } } },
    ...options,
  })
  app.scs.registerError(declined)

  app.post(
    '/orders/:id/pay',
    { schema: orderSchema, throws: [declined] },
    async (request, reply) => {
      const { id } = /** @type {{ id: string }} */ (request.params)
      const { amount, card } = /** @type {{ amount: number, card: string }} */ (request.body)
      const provider = request.integrations.service('provider')
      const answer = await provider.fetch('/v1/charges', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        // The card's number never reaches a record: its name and its form are both known to the redactor.
        body: JSON.stringify({ order: id, amount, card }),
        reference: { type: 'Order', id },
      })
      if (answer.status === 402) throw declined()
      return reply.code(202).send(await answer.json())
    },
  )

  app.post(
    '/webhooks/provider',
    { integration: { service: 'provider', description: 'Payment notification' } },
    async (request) => {
      const { charge } = /** @type {{ charge: string }} */ (request.body)
      request.integration?.update({ charge }, 'Completed')
      return { received: true }
    },
  )

  /** All that has befallen an order, in and out. */
  app.get('/orders/:id/calls', async (request) => {
    const { id } = /** @type {{ id: string }} */ (request.params)
    const { items } = await app.integrations.find({ reference: { type: 'Order', id } })
    return items.map(({ method, url, status, statusCode, data }) => ({
      method,
      url,
      status,
      statusCode,
      data,
    }))
  })
  return app
}
