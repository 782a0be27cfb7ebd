// A payment provider, as far as the example needs one: it takes a charge, and calls back when it is paid.
import Fastify from 'fastify'

/** @param {(charge: string) => string} webhookOf where it calls back */
export function buildProvider(webhookOf) {
  const provider = Fastify()
  provider.post('/v1/charges', async (request, reply) => {
    const { order, amount } = /** @type {{ order: string, amount: number }} */ (request.body)
    if (amount > 1_000) return reply.code(402).send({ error: 'card_declined' })
    return reply.code(201).send({ id: `ch_${order}`, status: 'pending' })
  })
  // In the real one this happens by itself, some seconds later.
  provider.post('/v1/charges/:id/pay', async (request) => {
    const { id } = /** @type {{ id: string }} */ (request.params)
    const answer = await fetch(webhookOf(id), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-signature': 'signed' },
      body: JSON.stringify({ charge: id, status: 'paid' }),
    })
    return { webhook: answer.status }
  })
  return provider
}
