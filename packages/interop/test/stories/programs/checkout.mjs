// The PayPal-like story: the customer comes back to the return page while the provider's webhook arrives. Each page resumes the
// payment by the provider's token, tells the test so, and changes it when the test says so.
import { buildService } from './build-service.mjs'

/** Starts it. `hear` calls back with what the test sends. */
export default async function start(options, hear) {
  const app = await buildService('checkout', options, { paypal: {} })
  const gates = new Map()

  /** Tells the test that it is there, and waits until the test opens it. */
  async function pass(gate) {
    if (gate === undefined) return
    const opened = new Promise((resolve) => gates.set(gate, resolve))
    process.send({ reached: gate })
    await opened
  }
  hear(({ open }) => gates.get(open)?.())

  /** The time in milliseconds since 1970, with a fraction, by the clock that stamps of changes are made of. */
  const now = () => performance.timeOrigin + performance.now()

  app.post('/orders', async (request, reply) => {
    const { id, token } = request.body
    app.integrations.log({
      service: 'paypal',
      key: token,
      reference: { type: 'Order', id },
      data: { order: id },
    })
    return reply.code(201).send({ token })
  })

  app.get('/return', async (request) => {
    const { token, payer, gate } = request.query
    const payment = await app.integrations.resume({ service: 'paypal', key: token })
    await pass(gate)
    const from = now()
    payment.authorize()
    payment.update({ payer })
    return { from, to: now(), record: payment.record }
  })

  app.post('/webhooks/paypal', { integration: { service: 'paypal' } }, async (request) => {
    const { token, capture, gate } = request.body
    const payment = await app.integrations.resume({ service: 'paypal', key: token })
    await pass(gate)
    const from = now()
    payment.complete({ capture })
    return { from, to: now(), record: payment.record }
  })

  return app
}
